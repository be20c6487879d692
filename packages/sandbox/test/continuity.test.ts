import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogEntry } from '../src/azure.ts'
import { type Monitor, monitor, violations } from '../src/monitor/continuity.ts'
import { valuesOf } from './clients/asClient.ts'
import { type Client, client, paths, putProfile } from './dataverse/client.ts'
import { exchangeTenant, sha256, vaultTenant } from './fixedAzure.ts'
import { ask, startSandbox } from './support/sandbox.ts'
import { emptyWorld } from './support/worlds.ts'
import { applicationOf, certificateVersion, keyCredential, makeWhole, only } from './wholeWorld.ts'

let dataverse: Client
let watch: Monitor
beforeEach(async () => {
  dataverse = await client()
  watch = monitor(dataverse.azure)
})
afterEach(() => dataverse.close())

const entry = (url: string): LogEntry => ({
  at: dataverse.azure.now().toISOString(),
  service: 'dataverse',
  method: 'PATCH',
  url,
  status: 204,
  caller: undefined,
})

const broken = (): readonly string[] => violations(dataverse.azure.world, dataverse.azure.now()).map(({ invariant }) => invariant)

const certificate = () => only(only(dataverse.azure.world.vaults).certificates)

async function whole(): Promise<void> {
  makeWhole(dataverse.azure)
  await putProfile(dataverse)
  watch.observe(entry('first'))
}

test('says nothing of a profile that has not worked yet', async () => {
  await putProfile(dataverse)
  watch.observe(entry('rows without applications'))
  expect([broken(), watch.violations]).toEqual([[], []])
})

test('says nothing while everything holds', async () => {
  await whole()
  expect([broken(), watch.violations]).toEqual([[], []])
})

test('a version of the certificate that is not trusted', async () => {
  await whole()
  certificate().versions.push(certificateVersion('certificate-2'))
  expect(violations(dataverse.azure.world, dataverse.azure.now())).toEqual([
    {
      profile: 'Exchange on-premises (HMA)',
      environment: 'contoso.crm4.dynamics.com',
      invariant: 'certificate',
      detail: expect.stringContaining('is none of the credentials'),
    },
  ])
})

test('trust first, then the version: no moment without', async () => {
  await whole()
  applicationOf(dataverse.azure, exchangeTenant).keyCredentials.push(keyCredential('certificate-2', 400))
  watch.observe(entry('trust'))
  certificate().versions.push(certificateVersion('certificate-2'))
  watch.observe(entry('merge'))
  applicationOf(dataverse.azure, exchangeTenant).keyCredentials.shift()
  watch.observe(entry('drop the former'))
  expect(watch.violations).toEqual([])
})

test('a version that is disabled, in place of which the vault serves no former one', async () => {
  await whole()
  const next = certificateVersion('certificate-2')
  certificate().versions.push({ ...next, attributes: { ...next.attributes, enabled: false } })
  expect(broken()).toEqual(['certificate'])
})

test('credentials that expire by the clock', async () => {
  await whole()
  dataverse.azure.advance(180 * 86_400_000)
  expect(broken()).toEqual(['secret'])
  dataverse.azure.advance(185 * 86_400_000)
  expect(broken()).toEqual(['secret', 'certificate'])
})

test('a secret that Dynamics holds and the application lost', async () => {
  await whole()
  const { passwordCredentials } = applicationOf(dataverse.azure, vaultTenant)
  passwordCredentials.splice(0, 1, { ...only(passwordCredentials), sha256: sha256('secret-2') })
  expect(broken()).toEqual(['secret'])
  await dataverse.send('PATCH', paths.identity, { body: { clientsecret: 'secret-2' } })
  expect(broken()).toEqual([])
})

test('removed access to the vault', async () => {
  await whole()
  only(dataverse.azure.world.resources.vaults).guards.push({ at: '', rbac: false, accessPolicies: [] })
  expect(broken()).toEqual(['access'])
})

test('a vault that was deleted', async () => {
  await whole()
  only(dataverse.azure.world.resources.vaults).deletedAt = dataverse.azure.now().toISOString()
  expect(broken()).toContain('access')
})

test('rows that are torn apart', async () => {
  await whole()
  await dataverse.send('DELETE', paths.identity)
  expect(broken()).toEqual(['secret'])
})

test('a profile that is gone, inactive, or on other credentials needs nothing any more', async () => {
  await whole()
  await dataverse.send('DELETE', paths.identity)
  await dataverse.send('PATCH', paths.profile, { body: { statecode: 1 } })
  expect(broken()).toEqual([])
  await dataverse.send('PATCH', paths.profile, { body: { statecode: 0, incomingcredentialretrieval: 1 } })
  expect(broken()).toEqual([])
  await dataverse.send('PATCH', paths.profile, { body: { incomingcredentialretrieval: 6 } })
  expect(broken()).toEqual(['secret'])
  await dataverse.send('DELETE', paths.profile)
  expect(broken()).toEqual([])
})

test('the monitor keeps each violation once, with the request that caused it, until it is mended', async () => {
  await whole()
  const { keyCredentials } = applicationOf(dataverse.azure, exchangeTenant)
  const trusted = keyCredentials.splice(0)
  watch.observe(entry('the cause'))
  watch.observe(entry('something else'))
  keyCredentials.push(...trusted)
  watch.observe(entry('mended'))
  keyCredentials.splice(0)
  watch.observe(entry('again'))
  expect(watch.violations.map(({ invariant, cause }) => [invariant, cause.url])).toEqual([
    ['certificate', 'the cause'],
    ['certificate', 'again'],
  ])
})

describe('a request looks only at the tenant of its token', () => {
  const seen = () => watch.violations.map(({ invariant, cause }) => [invariant, cause.url])

  test.each([
    ['HMA-App', exchangeTenant, 'certificate', () => applicationOf(dataverse.azure, exchangeTenant).keyCredentials.splice(0)],
    ['KV-App', vaultTenant, 'secret', () => applicationOf(dataverse.azure, vaultTenant).passwordCredentials.splice(0)],
    ['the vault', vaultTenant, 'certificate', () => certificate().versions.push(certificateVersion('certificate-2'))],
  ] as const)('what breaks %s is seen at the request of its tenant', async (_part, tenant, invariant, broke) => {
    await whole()
    broke()
    watch.observe(entry('of a stranger'), '99999999-9999-4999-8999-999999999999')
    expect(seen()).toEqual([])
    watch.observe(entry('of the tenant'), tenant)
    expect(seen()).toEqual([[invariant, 'of the tenant']])
  })

  test('an organization whose vault is unknown is looked at whatever the tenant', async () => {
    await whole()
    const { vaults } = dataverse.azure.world.resources
    const [vault] = vaults.splice(0)
    await dataverse.send('PATCH', paths.identity, { body: { tenantid: null } })
    watch.observe(entry('without'), exchangeTenant)
    expect(watch.violations).not.toEqual([])
    if (vault) vaults.push(vault)
    watch.observe(entry('with'), vaultTenant)
    vaults.splice(0)
    const before = watch.violations.length
    watch.observe(entry('without again'), vaultTenant)
    expect(watch.violations.length).toBeGreaterThan(before)
  })

  test('due changes are known for every tenant', async () => {
    await whole()
    watch.observe(entry('later'), '99999999-9999-4999-8999-999999999999')
    dataverse.azure.advance(200 * 86_400_000)
    expect(watch.isDue()).toBe(true)
  })
})

test('an end caused by time alone is reported with its time', async () => {
  await whole()
  const began = dataverse.azure.now().getTime()
  const day = 86_400_000
  dataverse.azure.advance(200 * day)
  expect(watch.isDue()).toBe(true)
  watch.observe(entry('much later'))
  expect(watch.violations.map(({ invariant, since }) => [invariant, Date.parse(since) - began])).toEqual([['secret', 180 * day]])
})

test('an automatic new version breaks sign-in when it is created, not at the next request to the vault', async () => {
  await whole()
  const began = dataverse.azure.now().getTime()
  const day = 86_400_000
  const made = certificateVersion('certificate-2')
  const created = began / 1000 + 100 * 86_400
  certificate().versions.push({ ...made, attributes: { ...made.attributes, created } })
  dataverse.azure.advance(120 * day)
  watch.observe(entry('later'))
  expect(watch.violations.map(({ invariant, since }) => [invariant, Date.parse(since) - began])).toEqual([
    ['certificate', 100 * day],
  ])
})

test('GET /violations lists the effects of automatic renewal without a request to the vault', async () => {
  await whole()
  const { world } = dataverse.azure
  certificate().policy.lifetime_actions = [{ trigger: { days_before_expiry: 65 }, action: { action_type: 'AutoRenew' } }]
  const { keys } = await emptyWorld()
  const stands = dataverse.azure.now().getTime()
  const sandbox = await startSandbox({ world: { ...world, keys, stands, ahead: 0 } })
  const control = 'https://control.sandbox.localhost'
  await ask(sandbox, `${control}/health`)
  sandbox.advance(400 * 86_400_000)
  const found = valuesOf(await ask(sandbox, `${control}/violations`))
  const days = found.map(({ invariant, since }) => [invariant, (Date.parse(String(since)) - stands) / 86_400_000])
  expect(days).toEqual([
    ['secret', 180],
    ['certificate', 300],
  ])
  expect(sandbox.log).toEqual([])
  await sandbox.close()
})
