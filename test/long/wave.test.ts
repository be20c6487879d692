import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clockOf } from '../../packages/sandbox/src/clock.ts'
import { violations } from '../../packages/sandbox/src/monitor/continuity.ts'
import { defaultSettings } from '../../packages/sandbox/src/settings.ts'
import { readWorld } from '../../packages/sandbox/src/store.ts'
import { real } from '../../src/session/runtime.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

/** Enough of them that their renewals are spread. */
const many = 24
const names = Array.from({ length: many }, (_, index) => `fleet-${index + 1}`)

/** Certificate and secret are made on one day, and end in one week. */
const deployment = (name: string): string =>
  yaml({ name, copy: true, environmentUrl: `https://${name}.crm4.dynamics.com` }).replace(
    'lifetimeDays: 180',
    'lifetimeDays: 365',
  )

type Events = readonly Record<string, unknown>[]

/** One run, as the schedule has it; it prints what it took. */
async function run(here: Workplace): Promise<Events> {
  const began = performance.now()
  const { code, stdout, stderr } = await here.hma('apply --sandbox --yes --json --quiet')
  const events: Events = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  const took = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(`${took} s for ${events.filter(({ type }) => type === 'done').length} changes\n`)
  expect([code, stderr, events.filter(({ type }) => type === 'failed')]).toEqual([0, '', []])
  const world = readWorld(join(here.directory, '.hma', 'sandbox.json'))
  if (!world) throw new Error('the sandbox keeps no world')
  expect(violations(world, clockOf(world).now(), defaultSettings)).toEqual([])
  return events
}

const done = (events: Events, what: string): readonly string[] =>
  events.flatMap(({ type, address }) => {
    const [name = '', resource] = String(address).split('/')
    return type === 'done' && resource === what ? [name] : []
  })

test('a fleet is created in one run and renewed over a week, each deployment on its own day', {
  timeout: 1_200_000,
}, async () => {
  // With Azure's own limits: on a busy machine so many deployments take their time.
  const { timer, resourceMs, refusedMs } = real({}, () => 0).pace
  const here = await workplace(names.map(deployment).join('\n---\n'), { timer, resourceMs, refusedMs, delay: () => 100 })
  try {
    expect(done(await run(here), 'emailServerProfile').toSorted()).toEqual(names.toSorted())
    await here.hma('sandbox advance 327d')
    const runs: Events[] = []
    for (let count = 0; count < 9; count++) {
      runs.push(await run(here))
      await here.hma('sandbox advance 1d')
    }
    const certificates = runs.map((events) => done(events, 'certificate'))
    expect(certificates.flat().toSorted()).toEqual(names.toSorted())
    expect(certificates.filter((some) => some.length > 0).length).toBeGreaterThan(4)
    expect(Math.max(...certificates.map((some) => some.length))).toBeLessThan(many / 2)
    // The former secrets go after their overlap: so each deployment may be in two of these runs.
    expect([...new Set(runs.flatMap((events) => done(events, 'clientSecret')))].toSorted()).toEqual(names.toSorted())
  } finally {
    await here.leave()
  }
})
