import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { turns } from '../../src/session/turns.ts'

/** Deployments whose writes end on request. */
function deployments(most: number) {
  const { deployment, waiting } = turns(most)
  const ends = new Map<string, () => void>()
  const writing = new Set<string>()
  const held = (name: string): Promise<void> => new Promise((resolve) => ends.set(name, resolve))
  const timer = waiting({ now: () => 0, wait: () => held('pause') })
  const ways = { writes: held, pauses: () => timer.wait(1), fails: () => Promise.reject(new Error('no')) }
  const one = () => {
    const turn = deployment()
    return (what: keyof typeof ways, name: string): Promise<void> =>
      turn(() => {
        writing.add(name)
        return ways[what](name).finally(() => writing.delete(name))
      })
  }
  const now = async (): Promise<readonly string[]> => {
    await setTimeout(0)
    return [...writing].sort()
  }
  const end = (name: string): void => ends.get(name)?.()
  return { one, now, end, timer }
}

test('no more deployments write at once than allowed; the steps of one share its turn', async () => {
  const { one, now, end } = deployments(2)
  const [first, second, third] = [one(), one(), one()]
  const all = [first('writes', 'a1'), first('writes', 'a2'), second('writes', 'b'), third('writes', 'c')]
  expect(await now()).toEqual(['a1', 'a2', 'b'])
  end('a1')
  expect(await now()).toEqual(['a2', 'b'])
  end('a2')
  expect(await now()).toEqual(['b', 'c'])
  end('b')
  end('c')
  await Promise.all(all)
})

test('a deployment that waits for a busy service gives up its turn, and takes it again before the next write', async () => {
  const { one, now, end } = deployments(1)
  const [throttled, other, third] = [one(), one(), one()]
  const all = [throttled('pauses', 'throttled'), other('writes', 'other')]
  expect(await now()).toEqual(['other', 'throttled'])
  end('pause')
  expect(await now()).toEqual(['other', 'throttled'])
  end('other')
  await Promise.all(all)
  const last = third('writes', 'third')
  expect(await now()).toEqual(['third'])
  end('third')
  await last
})

test('a write that fails gives its turn back', async () => {
  const { one, now, end } = deployments(1)
  await expect(one()('fails', 'a')).rejects.toThrow('no')
  const next = one()('writes', 'b')
  expect(await now()).toEqual(['b'])
  end('b')
  await next
})

test('a pause outside a write does not affect turns', async () => {
  const { now, end, timer } = deployments(1)
  const pause = timer.wait(1)
  expect(await now()).toEqual([])
  end('pause')
  await pause
})
