import { afterAll, describe, expect, test } from 'vitest'
import { names, scenario } from '../support/scenarios.ts'
import { survive, writesOf } from '../support/survival.ts'

const took = new Map<string, number>()
describe.each(names)('%s', (name) => {
  test('survives a death at each of its writes', async () => {
    let t = performance.now()
    const it = await scenario(name, {})
    console.log(name, 'prepared', Math.round(performance.now() - t))
    const writes = await writesOf(it)
    console.log(name, 'writes', writes)
    t = performance.now()
    for (let write = 0; write < writes; write++)
      for (const when of ['before', 'after'] as const) {
        const problems = await survive(it, [{ write, when }])
        if (problems.length) console.log(name, write, when, problems.join('\n   '))
        took.set(name, (took.get(name) ?? 0) + 1)
      }
    console.log(name, 'took', Math.round(performance.now() - t))
  }, 300_000)
})
