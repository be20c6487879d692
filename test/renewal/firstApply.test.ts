import { expect, test } from 'vitest'
import { emptyWorld } from '../../packages/sandbox/test/support/worlds.ts'
import type { Event } from '../../src/core/apply.ts'
import { virtualSandbox } from './simulation/virtualTime.ts'

const start = Date.UTC(2030, 0, 1)

/** The pauses of Azure, in time that costs nothing: so what is asked is exactly what Azure is asked. */
async function firstApply() {
  const { here, wire } = await virtualSandbox({ variant: { copy: true }, world: { ...(await emptyWorld()), stands: start } })
  try {
    const { events, writes } = await (await here.process(wire)).apply()
    return { events, writes, log: [...here.sandbox.log] }
  } finally {
    await here.close()
  }
}

const at = (events: readonly Event[], type: Event['type'], name: string): number =>
  events.findIndex((event) => event.type === type && event.address === `contoso/${name}`)

test('a first apply continues while its writes settle, and waits before it puts them into use', async () => {
  const { events, writes, log } = await firstApply()
  expect(events.filter(({ type }) => type === 'failed')).toEqual([])
  expect(writes.length).toBe(17)
  expect(log.length).toBe(121)
  expect(at(events, 'started', 'certificateCredential')).toBeLessThan(at(events, 'done', 'hmaApp'))
  expect(at(events, 'started', 'clientSecret')).toBeLessThan(at(events, 'done', 'keyVaultApp'))
  expect(at(events, 'started', 'certificate')).toBeGreaterThan(at(events, 'done', 'certificateCredential'))
  for (const before of ['hmaApp', 'clientSecret', 'certificate', 'certificateCredential', 'vaultAccess'])
    expect(at(events, 'started', 'emailServerProfile')).toBeGreaterThan(at(events, 'done', before))
})
