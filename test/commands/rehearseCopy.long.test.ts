import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { type Lab, lab } from '../support/customCloud.ts'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { leaked } from '../support/rehearsal.ts'

let leave: () => Promise<void>
afterEach(() => leave())

const short = '--schedules 0 --every 52w --json --save copy.json'

async function copyIn({ directory }: Workplace) {
  const text = await readFile(join(directory, 'copy.json'), 'utf8')
  return { text, ...JSON.parse(text).deployments[0] }
}

const deploymentIn = (stdout: string) => JSON.parse(stdout).deployments[0]

/** Changes made in the tenant, all of them relevant to an apply. */
function troubled({ sandbox: { world } }: Lab): void {
  const tenant = world.directory.tenants[ids.vaultTenant]
  const keyVaultApp = Object.values(tenant?.applications ?? {}).find(({ displayName }) => displayName === 'KV-App')
  if (!tenant || !keyVaultApp) throw new Error('The tenant has no KV-App.')
  const policy = { id: ids.subscription, displayName: 'No secrets', isEnabled: true, passwordAddition: true }
  tenant.assignedPolicies = { [keyVaultApp.id]: policy }
  for (const { properties } of world.resources.vaults)
    properties.networkAcls = { defaultAction: 'Deny', ipRules: [{ value: '127.0.0.1/32' }] }
  for (const server of world.exchange.servers) Object.assign(server, { hmaEnabled: false, build: '15.2.1544.50' })
}

test('only reads and sign-ins reach the tenant, and plan rights are enough to copy everything relevant', async () => {
  const one = await lab({ ewsHost: 'mail.sandbox.localhost', copy: true, mailboxes: ['a@contoso.com', 'nobody@contoso.com'] })
  leave = one.leave
  troubled(one)
  const before = one.sandbox.log.length
  const { code, stdout, stderr } = await one.hma(`rehearse ${short}`, 'reader')
  const asked = one.sandbox.log.slice(before)
  expect(asked.length).toBeGreaterThan(15)
  expect(asked.filter(({ service, method }) => service !== 'login' && method !== 'GET' && method !== 'HEAD')).toEqual([])
  expect(asked.filter(({ service }) => service === 'exchange').map(({ url }) => new URL(url).pathname)).toEqual([
    '/EWS/Exchange.asmx',
    '/owa/service',
  ])

  const { text, copy, assumptions } = await copyIn(one.here)
  expect(leaked(one.sandbox.world, text)).toEqual([])
  expect(copy.assignedPolicies).toEqual([
    expect.objectContaining({ body: expect.objectContaining({ displayName: 'No secrets' }) }),
  ])
  const build = '15.2.1544.50'
  expect(copy.exchange).toEqual([expect.objectContaining({ status: 401, challenges: expect.any(Array), build })])
  expect(assumptions.join('\n')).not.toContain('build')
  expect(copy.reachedVaults).toEqual(['kv-contoso-mail'])
  expect(assumptions.join('\n')).not.toContain('refused')

  // The policy of the application, which no current plan reads, ends the secret.
  const { planDiffers, year } = deploymentIn(stdout)
  expect([code, planDiffers], stderr).toEqual([1, []])
  expect(JSON.stringify(year.runs)).toContain('CredentialTypeNotAllowed')
})

test('an Exchange that does not show its build is assumed to be current', async () => {
  const one = await lab({ ewsHost: 'mail.sandbox.localhost' })
  leave = one.leave
  for (const server of one.sandbox.world.exchange.servers) server.hidesBuild = true
  await one.hma(`rehearse ${short}`, 'reader')
  const { copy, assumptions } = await copyIn(one.here)
  expect(copy.exchange).toEqual([expect.not.objectContaining({ build: expect.anything() })])
  expect(assumptions).toContain('Exchange does not show its build without sign-in: the rehearsal assumes a current one.')
})

test('a refused read is reported as an assumption', async () => {
  const one = await lab({ ewsHost: 'mail.sandbox.localhost' })
  leave = one.leave
  const tenant = one.sandbox.world.directory.tenants[ids.vaultTenant]
  for (const assignment of Object.values(tenant?.appRoleAssignments ?? {}))
    if (tenant && /Policy/.test(JSON.stringify(assignment))) delete tenant.appRoleAssignments[assignment.id]
  for (const { properties } of one.sandbox.world.resources.vaults) properties.publicNetworkAccess = 'Disabled'
  for (const server of one.sandbox.world.exchange.servers) server.unresolved = true
  const { stdout, stderr } = await one.hma(`rehearse ${short}`, 'reader')
  if (stdout === '') throw new Error(stderr)
  const { assumptions, apply, verdict } = deploymentIn(stdout)
  const said = assumptions.join('\n')
  expect(said).toContain('The vault kv-contoso-mail cannot be reached from this machine')
  expect(said).toContain('Exchange is assumed to ask for a token')
  expect(verdict).toBe('breaks')
  expect(JSON.stringify(apply.failures)).toContain('kv-contoso-mail')
})

test('soft-deleted vaults, earlier versions and unlinked rows are rehearsed', async () => {
  const here = await workplace(yaml({ create: 'rbac', copy: true }))
  leave = () => here.leave()
  await here.hma('apply --sandbox --yes -q')
  const file = join(here.directory, '.hma/sandbox.json')
  const world: World = JSON.parse(await readFile(file, 'utf8'))
  for (const { tables } of world.dataverse.organizations) tables.emailserverprofile = {}
  const certificate = world.vaults['kv-contoso-mail']?.certificates['hma-cert']
  const [version] = certificate?.versions ?? []
  if (!version) throw new Error('There is no certificate.')
  const { tags: _tags, ...unmarked } = version
  certificate?.versions.push({ ...unmarked, version: '0'.repeat(32) })
  await here.write('.hma/sandbox.json', JSON.stringify(world))
  const rows = await here.hma(`rehearse --sandbox ${short}`)
  expect(deploymentIn(rows.stdout)).toMatchObject({ planDiffers: [] })
  expect((await copyIn(here)).copy.rows).not.toEqual([])

  for (const vault of world.resources.vaults)
    Object.assign(vault, {
      deletedAt: new Date().toISOString(),
      scheduledPurgeAt: new Date(Date.now() + 7_776_000_000).toISOString(),
    })
  await here.write('.hma/sandbox.json', JSON.stringify(world))
  const deleted = await here.hma(`rehearse --sandbox ${short}`)
  expect(deploymentIn(deleted.stdout)).toMatchObject({ planDiffers: [], apply: { failures: [] } })
  expect((await copyIn(here)).copy.deletedVaults).toHaveLength(1)
  expect(JSON.stringify(deploymentIn(deleted.stdout).assumptions)).toContain('soft-deleted vault cannot be read')
})
