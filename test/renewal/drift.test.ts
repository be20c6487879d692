import { afterEach, describe, expect, test } from 'vitest'
import { servedCertificate } from '../../packages/sandbox/src/keyVault/certificates/versions.ts'
import { violations } from '../../packages/sandbox/src/monitor/continuity.ts'
import type { Change } from '../../src/core/plan.ts'
import { day, deliveredSecret, ourCertificates, ourSecrets, servedThumbprint } from '../support/credentials.ts'
import { type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import { killable } from '../support/killedRun.ts'
import { newVersion, portal } from '../support/portal.ts'

let here: OpenDeployment
afterEach(() => here.close())

const deploy = async (variant: Variant = {}): Promise<void> => {
  here = await openDeployment(variant)
  await here.apply()
}

const due = (changes: readonly Change[]) =>
  changes.flatMap(({ address, action, reason, differences }) =>
    action === 'none' ? [] : [[address.split('/')[1], action, reason, ...differences.map(({ field, why }) => why ?? field)]],
  )

/** Apply brings everything back: nothing failed, nothing is left to do, and sign-in works. */
async function repaired(): Promise<readonly Change[]> {
  const { changes, events } = await (await here.process()).apply()
  expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
  expect(due(await here.plan())).toEqual([])
  expect(violations(here.sandbox.world, here.sandbox.now())).toEqual([])
  return changes
}

const untouched = () => expect(here.sandbox.violations).toEqual([])

describe('the certificate in the vault', () => {
  const renewsItself = (daysBefore: number) => ({
    issuer: { name: 'Self' },
    lifetime_actions: [{ trigger: { days_before_expiry: daysBefore }, action: { action_type: 'AutoRenew' } }],
  })

  test('is set to renew itself: reported and turned off before it does', async () => {
    await deploy()
    expect((await portal(here).vault('PATCH', '/policy', renewsItself(300))).status).toBe(200)
    expect(due(await here.plan())).toEqual([
      ['certificate', 'update', 'differs', 'a new version would become current before HMA-App trusts it'],
    ])
    await repaired()
    const before = servedThumbprint(here.sandbox.world)
    here.sandbox.advance(100 * day)
    expect(due(await here.plan())).toEqual([])
    expect(servedThumbprint(here.sandbox.world)).toBe(before)
    untouched()
  })

  test('renewed itself between two runs: the new version is trusted, and automatic renewal is turned off', async () => {
    await deploy()
    await portal(here).vault('PATCH', '/policy', renewsItself(300))
    here.sandbox.advance(70 * day)
    expect(due(await here.plan())).toEqual([
      ['certificateCredential', 'update', 'differs', 'HMA-App does not trust the certificate of the vault'],
      ['certificate', 'update', 'differs', 'a new version would become current before HMA-App trusts it'],
    ])
    expect(here.sandbox.violations.map(({ invariant }) => invariant)).toEqual(['certificate'])
    await repaired()
    expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  })

  test('has a version made by hand: reported as such, trusted, and marked as the deployment’s', async () => {
    await deploy()
    await newVersion(here)
    const version = servedCertificate(here.sandbox.world, 'kv-contoso-mail', 'HMA-Cert')?.version
    const changes = await here.plan()
    expect(due(changes).map(([name]) => name)).toEqual(['certificateCredential', 'certificate'])
    expect(JSON.stringify(due(changes))).toContain(`a version was created outside hma: ${version} in the vault`)
    await repaired()
    expect(servedCertificate(here.sandbox.world, 'kv-contoso-mail', 'HMA-Cert')).toMatchObject({
      ...{ version, tags: { 'hma-deployment': 'contoso' } },
    })
  })

  test.each([
    ['another subject', 'subject', ['subject: CN=mail.contoso.com']],
    ['another key size', 'keySize', ['subject: CN=hma.contoso.com', 'keySize: 3072']],
    ['another validity', 'validityMonths', ['subject: CN=hma.contoso.com', 'validityMonths: 24']],
  ])('is to have %s: renewed in the order of every renewal', async (_what, field, certificate) => {
    await deploy()
    const before = servedThumbprint(here.sandbox.world)
    here = await here.with({ certificate })
    const { changes } = await here.apply()
    expect(changes.find(({ address }) => address === 'contoso/certificate')).toMatchObject({
      action: 'update',
      reason: 'differs',
    })
    expect(changes.find(({ address }) => address === 'contoso/certificateRequest')?.differences).toMatchObject([{ field }])
    expect(servedThumbprint(here.sandbox.world)).not.toBe(before)
    expect(due(await here.plan())).toEqual([])
    untouched()
  })

  test('became current days after it was trusted: the overlap of the former one is counted from then', async () => {
    await deploy()
    const { wire } = killable({ write: 2, what: 'killed before' })
    await (await here.process(wire)).apply({ rotate: 'certificate' })
    here.sandbox.advance(8 * day)
    await repaired()
    expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
    here.sandbox.advance(7 * day)
    await repaired()
    expect(ourCertificates(here.sandbox.world)).toHaveLength(1)
    untouched()
  })
})

describe('the client secret', () => {
  test('was created and never delivered: recognized and removed', async () => {
    await deploy()
    here.sandbox.advance(day)
    const { wire } = killable({ write: 1, what: 'killed before' })
    await (await here.process(wire)).apply({ rotate: 'clientSecret' })
    expect(ourSecrets(here.sandbox.world)).toHaveLength(2)
    // Another run may still be about to deliver it: for an hour it is not removed.
    expect(due(await here.plan())).toEqual([])
    here.sandbox.advance(day / 24)
    expect(due(await here.plan())).toEqual([['clientSecret', 'update', 'superseded', 'created but never delivered']])
    await repaired()
    expect(ourSecrets(here.sandbox.world)).toEqual([deliveredSecret(here.sandbox.world)])
    untouched()
  })

  test('is in a renamed row that no longer names it: it works until another one is delivered', async () => {
    await deploy()
    const before = deliveredSecret(here.sandbox.world)?.keyId
    for (const { tables } of here.sandbox.world.dataverse.organizations)
      for (const row of Object.values(tables.managedidentity)) row.cells.name = 'Key vault of the mail team'
    here.sandbox.advance(day)
    await repaired()
    expect(deliveredSecret(here.sandbox.world)?.keyId).not.toBe(before)
    expect(ourSecrets(here.sandbox.world).map(({ keyId }) => keyId)).toContain(before)
    here.sandbox.advance(7 * day)
    await repaired()
    expect(ourSecrets(here.sandbox.world)).toHaveLength(1)
    untouched()
  })

  test('was delivered days after it was made: the overlap of the former one is counted from then', async () => {
    await deploy({ copy: true })
    here.sandbox.advance(day)
    const { wire } = killable({ write: 2, what: 'killed before' })
    await (await here.process(wire)).apply({ rotate: 'clientSecret' })
    here.sandbox.advance(8 * day)
    expect(due(await here.plan())).toEqual([
      ['clientSecret', 'update', 'differs', 'Dynamics does not hold the secret of the vault'],
    ])
    await repaired()
    expect(ourSecrets(here.sandbox.world)).toHaveLength(2)
    here.sandbox.advance(7 * day)
    await repaired()
    expect(ourSecrets(here.sandbox.world)).toHaveLength(1)
    untouched()
  })
})

test('after a year of missed runs everything has expired, and one run is enough', async () => {
  await deploy()
  here.sandbox.advance(400 * day)
  expect(violations(here.sandbox.world, here.sandbox.now()).map(({ invariant }) => invariant)).toEqual(['secret', 'certificate'])
  const changes = await repaired()
  expect(due(changes).map(([name, , reason]) => [name, reason])).toEqual([
    ['clientSecret', 'expiring'],
    ['certificateRequest', 'expiring'],
    ['certificateCredential', 'differs'],
    ['certificate', 'expiring'],
  ])
})
