import { describe, expect, test } from 'vitest'
import { deliveredSecret } from '../support/credentials.ts'
import { openDeployment, type Wire } from '../support/deployment.ts'
import { killable } from '../support/killedRun.ts'
import { portal } from '../support/portal.ts'
import { scenario } from '../support/scenarios.ts'
import { type Act, perform } from './simulation/perform.ts'
import { perSeed } from './simulation/seeds.ts'

/** Faults that a simulation once found and that were fixed, each by itself. */
const calm: Act = { faults: [], settings: {}, pause: 0 }

const count = (log: readonly { method: string; url: string }[], path: RegExp): number =>
  log.filter(({ method, url }) => method !== 'GET' && path.test(url)).length

describe('a run disturbed by other runs or people', () => {
  test('delivers the secret whose keyId it noted, even if another run has stored a newer one', async () => {
    const here = await openDeployment({ create: 'accessPolicy', copy: true })
    try {
      await here.apply()
      const { wire } = killable({ write: 2, what: 'killed before' })
      await (await here.process(wire)).apply({ rotate: 'clientSecret' })
      const between: Wire = (transport) => ({
        ...transport,
        async send(request) {
          if (/\/secrets\/hma-kv-app-client-secret\/[0-9a-f]{32}\?/.test(request.url))
            await portal(here).vaultRoot('PUT', '/secrets/hma-kv-app-client-secret', { value: 'of another run' })
          return transport.send(request)
        },
      })
      await (await here.process(between)).apply()
      expect(here.sandbox.violations).toEqual([])
      const names = here.sandbox.world.dataverse.organizations.flatMap(({ tables }) =>
        Object.values(tables.managedidentity).map(({ cells }) => cells.name),
      )
      expect(names).toEqual([expect.stringContaining(String(deliveredSecret(here.sandbox.world)?.keyId))])
    } finally {
      await here.close()
    }
  })

  test.each([2, 12, 30])('leaves a registration that someone began to use before its request %i', async (request) => {
    const person = { request, does: 'adds a secret of their own to HMA-App' } as const
    const it = await scenario('destroy', { tenants: 1 })
    expect((await perform(it, { seed: 1, settings: {}, acts: [{ ...calm, person }] })).problems).toEqual([])
  })

  test('trusts the certificate again after a lost update by another client removed it', async () => {
    const settings = { lostUpdate: 60_000 }
    const it = await scenario('certificate renewal', { dynamics: false })
    let lost = 0
    // Request 32 would be the merge: a loss between the last poll and the merge is not visible.
    for (let request = 23; request < 32; request++) {
      const person = { request, does: 'adds a secret of their own to HMA-App' } as const
      const { problems, met } = await perform(it, { seed: request, settings, acts: [{ ...calm, person }] })
      expect(problems).toEqual([])
      lost += met.get('lost update') ?? 0
    }
    expect(lost).toBeGreaterThan(0)
  })

  test('polls again if a secret or certificate that it created is not visible yet, and creates no second one', async () => {
    const schedule = { seed: 2, settings: { replicationLag: 45_000 }, acts: [calm] }
    const secret = await perform(await scenario('secret renewal', {}), schedule)
    expect([secret.problems, count(secret.log, /addPassword/)]).toEqual([[], 1])
    const certificate = await perform(await scenario('certificate renewal', {}), schedule)
    expect([certificate.problems, count(certificate.log, /certificates\/HMA-Cert\/create/)]).toEqual([[], 1])
  })

  test.each([0, 5, 15, 40])('signs the same certificate as a run that started %i seconds earlier', async (seconds) => {
    const schedule = { seed: 3, settings: { replicationLag: 45_000 }, acts: [{ ...calm, second: seconds * 1000 }] }
    expect((await perform(await scenario('rotation of the certificate', {}), schedule)).problems).toEqual([])
  })
})

test.each([4, 11, 20])('the seed %i gives the same schedule each time', async (seed) => {
  const drawnAnew = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|localhost:\d+|[\w-]{43}|[0-9a-f]{32}/gi
  const told = async (): Promise<readonly string[]> =>
    (await perSeed(seed)).log.map(
      ({ at, method, url, status, fault }) => `${at} ${method} ${url.replace(drawnAnew, '…')} ${status} ${fault}`,
    )
  const first = await told()
  expect(first.length).toBeGreaterThan(30)
  expect(await told()).toEqual(first)
})
