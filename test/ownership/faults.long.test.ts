import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { OrganizationState, Row } from '../../packages/sandbox/src/dataverse/state.ts'
import type { Change } from '../../src/core/plan.ts'
import { day, deliveredSecret } from '../support/credentials.ts'
import { type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import {
  addKey,
  addPassword,
  addProfile,
  app,
  copyEnvironment,
  copyUrl,
  organization,
  profilesOf,
  served,
  withOwnId,
} from './others.ts'

/** One test for each way in which hma once changed or removed foreign objects, or was stopped by them. */

let open: OpenDeployment | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

async function deployed(variant: Variant = {}): Promise<{ here: OpenDeployment; world: World }> {
  open = await openDeployment(variant)
  await open.apply()
  return { here: open, world: open.sandbox.world }
}

const todo = (changes: readonly Change[]) =>
  changes.filter(({ action }) => action !== 'none').map(({ address, action }) => [address.split('/')[1], action])

const failures = ({ events }: Awaited<ReturnType<OpenDeployment['apply']>>) =>
  events.filter(({ type }) => type === 'failed').map((event) => JSON.stringify(event))

const instructions = (changes: readonly Change[], kind: string): string =>
  changes.find(({ address }) => address.endsWith(`/${kind}`))?.instructions ?? ''

describe('another profile with the same name', () => {
  test.each([
    ['without a mark', null, true],
    ['of another deployment', 'Managed by hma, deployment fabrikam.', true],
    ['listed last', null, false],
  ])('%s: ours is the marked one, everywhere', async (_what, description, first) => {
    const { here, world } = await deployed()
    withOwnId(world)
    const theirs = addProfile(world, { description, first })
    const before = structuredClone(organization(world).tables)
    expect(todo(await here.plan())).toEqual([])
    expect(failures(await here.apply({ rotate: 'clientSecret' }))).toEqual([])
    const { emailserverprofile, managedidentity, keyvaultreference } = organization(world).tables
    expect(emailserverprofile[theirs.id]).toEqual(before.emailserverprofile[theirs.id])
    const [identity, reference] = [String(theirs.cells.managedidentityid), String(theirs.cells.keyvaultreferenceid)]
    expect(managedidentity[identity]).toEqual(before.managedidentity[identity])
    expect(keyvaultreference[reference]).toEqual(before.keyvaultreference[reference])
    expect((await here.apply({ remove: true })).changes.find(({ kind }) => kind === 'emailServerProfile')?.action).toBe('remove')
    expect(Object.keys(organization(world).tables.emailserverprofile)).toEqual([theirs.id])
  })

  test('a clone with the same description: if nothing shows which is ours, a person decides', async () => {
    const { here, world } = await deployed()
    const ours = withOwnId(world)
    const clone = addProfile(world, { description: String(ours.cells.description), first: true })
    const before = structuredClone(organization(world).tables)
    const changes = await here.plan()
    expect(changes.find(({ kind }) => kind === 'emailServerProfile')?.action).toBe('manual')
    expect(instructions(changes, 'emailServerProfile')).toContain(clone.id)
    expect(instructions(changes, 'emailServerProfile')).toContain(ours.id)
    expect(organization(world).tables).toEqual(before)
  })

  test('a clone of the profile that hma created: the original stays in use', async () => {
    const { here, world } = await deployed()
    const [ours] = profilesOf(organization(world))
    const clone = addProfile(world, { description: String(ours?.cells.description), first: true })
    const before = JSON.stringify(clone)
    expect(todo(await here.plan())).toEqual([])
    await here.apply({ rotate: 'clientSecret' })
    expect(JSON.stringify(organization(world).tables.emailserverprofile[clone.id])).toBe(before)
  })
})

describe('rows that another profile also points to', () => {
  /** Ours was adopted and shares its rows with another profile, as may happen by hand. */
  async function shared(): Promise<{ here: OpenDeployment; world: World; theirs: Row }> {
    const { here, world } = await deployed()
    const ours = withOwnId(world)
    const { tables } = organization(world)
    const [identity] = Object.values(tables.managedidentity)
    const [reference] = Object.values(tables.keyvaultreference)
    const [identityId, referenceId] = [randomUUID(), randomUUID()]
    if (!identity || !reference) throw new Error('there are no rows')
    const links = { managedidentityid: identityId, keyvaultreferenceid: referenceId }
    tables.managedidentity = {
      [identityId]: { ...identity, id: identityId, cells: { ...identity.cells, managedidentityid: identityId, name: 'KV-App' } },
    }
    const at = { ...reference.cells, keyvaultreferenceid: referenceId, managedidentityid: identityId, keyname: 'Other-Cert' }
    tables.keyvaultreference = { [referenceId]: { ...reference, id: referenceId, cells: at } }
    Object.assign(ours.cells, links)
    const id = randomUUID()
    const theirs = {
      ...structuredClone(ours),
      id,
      cells: { ...ours.cells, emailserverprofileid: id, name: 'Another', description: null },
    }
    tables.emailserverprofile[id] = theirs
    return { here, world, theirs }
  }

  test('are left alone: our profile gets its own rows', async () => {
    const { here, world, theirs } = await shared()
    const rows = () => {
      const { tables } = organization(world)
      const { managedidentityid: identity, keyvaultreferenceid: reference } = theirs.cells
      return JSON.stringify([theirs, tables.managedidentity[String(identity)], tables.keyvaultreference[String(reference)]])
    }
    const before = rows()
    expect(failures(await here.apply())).toEqual([])
    expect(todo(await here.plan())).toEqual([])
    expect(rows()).toBe(before)
    expect(failures(await here.apply({ remove: true }))).toEqual([])
    expect(rows()).toBe(before)
  })

  test('that hma created stay when our profile is removed', async () => {
    const { here, world } = await deployed()
    const [ours] = profilesOf(organization(world))
    const id = randomUUID()
    const { tables } = organization(world)
    if (!ours) throw new Error('there is no profile')
    tables.emailserverprofile[id] = {
      ...structuredClone(ours),
      id,
      cells: { ...ours.cells, emailserverprofileid: id, name: 'Another', description: null },
    }
    const before = JSON.stringify(tables.emailserverprofile[id])
    expect(failures(await here.apply({ remove: true }))).toEqual([])
    expect(Object.keys(tables.emailserverprofile)).toEqual([id])
    expect(JSON.stringify(tables.emailserverprofile[id])).toBe(before)
    expect([Object.keys(tables.keyvaultreference).length, Object.keys(tables.managedidentity).length]).toEqual([1, 1])
  })
})

/** SHA-256 of the secret with which the profile of an environment signs in. */
function secretInUse({ tables }: OrganizationState): string {
  const [profile] = Object.values(tables.emailserverprofile)
  return tables.managedidentity[String(profile?.cells.managedidentityid)]?.sealed.clientsecret ?? ''
}

describe('a copied environment', () => {
  const copied: Variant = { environmentUrl: copyUrl }

  test('has no owner yet: plan says where it comes from and is blocked', async () => {
    const { here, world } = await deployed()
    copyEnvironment(world)
    const there = await here.with(copied)
    const changes = await there.plan()
    expect(changes.find(({ kind }) => kind === 'emailServerProfile')).toMatchObject({ action: 'manual', reason: 'unmarked' })
    expect(instructions(changes, 'emailServerProfile')).toContain('https://contoso.crm4.dynamics.com')
  })

  test('adopt gives it its own secret, and the original keeps its secret through every renewal', async () => {
    const { here, world } = await deployed()
    const copy = copyEnvironment(world)
    const there = await here.with(copied)
    expect(failures(await there.apply({ adopt: 'all' }))).toEqual([])
    expect(todo(await there.plan())).toEqual([])
    const held = (): string[] => [organization(world), copy].map(secretInUse)
    expect(new Set(held()).size).toBe(2)
    for (const days of [8, 150, 8, 150, 8]) {
      here.sandbox.advance(days * day)
      for (const one of [here, there]) expect(failures(await one.apply())).toEqual([])
      const known = app(world, 'kv-app').passwordCredentials.map(({ sha256 }) => sha256)
      expect(held().filter((hash) => !known.includes(hash))).toEqual([])
    }
    expect(here.sandbox.violations).toEqual([])
  })

  test('the copy does not remove what production creates later', async () => {
    const { here, world } = await deployed()
    copyEnvironment(world)
    const there = await here.with(copied)
    await there.apply({ adopt: 'all' })
    here.sandbox.advance(day)
    await here.apply({ rotate: 'clientSecret' })
    here.sandbox.advance(30 * day)
    expect(todo(await there.plan())).toEqual([])
    expect(deliveredSecret(world)).toBeDefined()
  })

  test('cannot be destroyed under the name of the original, because that would destroy the original, too', async () => {
    const { here, world } = await deployed()
    copyEnvironment(world)
    const there = await here.with(copied)
    const before = structuredClone(world.directory)
    for (const adopted of [false, true]) {
      if (adopted) await there.apply({ adopt: 'all' })
      const changes = await there.plan({ remove: true })
      expect(changes.some(({ action, reason }) => action === 'manual' && reason === 'unmarked')).toBe(true)
    }
    expect(Object.keys(world.directory.tenants)).toEqual(Object.keys(before.tenants))
  })

  test('the copy of the secret in the vault belongs to one environment', async () => {
    const { here, world } = await deployed({ copy: true })
    copyEnvironment(world)
    const there = await here.with({ ...copied, copy: true })
    const changes = await there.plan({ adopt: 'all' })
    expect(changes.find(({ kind }) => kind === 'clientSecret')).toMatchObject({ action: 'manual', reason: 'unmarked' })
    expect(instructions(changes, 'clientSecret')).toContain('another name for it in the configuration (keyVaultApp.clientSecret.')
  })

  test('of a deployment of an earlier version is recognized by the ids that hma gave it', async () => {
    const { here, world } = await deployed()
    for (const { cells } of profilesOf(organization(world))) cells.description = 'Managed by hma, deployment contoso.'
    copyEnvironment(world)
    expect((await (await here.with(copied)).plan()).find(({ kind }) => kind === 'emailServerProfile')).toMatchObject({
      action: 'manual',
    })
    expect(todo(await here.plan())).toEqual([['emailServerProfile', 'update']])
    await here.apply()
    expect(todo(await here.plan())).toEqual([])
  })
})

test('a secret in the vault that hma did not create is not overwritten, even before KV-App exists', async () => {
  const { here, world } = await deployed({ create: false, copy: true })
  await here.apply({ remove: true })
  const { secrets } = world.vaults['kv-contoso-mail'] ?? {}
  if (!secrets) throw new Error('there is no vault')
  const attributes = { enabled: true, created: 1, updated: 1 }
  secrets['hma-kv-app-client-secret'] = {
    name: 'hma-kv-app-client-secret',
    versions: [{ version: '0'.repeat(32), value: 'of somebody else', attributes, tags: { team: 'billing' } }],
  }
  const before = JSON.stringify(secrets)
  const change = (await here.plan()).find(({ kind }) => kind === 'clientSecret')
  expect(change).toMatchObject({ action: 'manual', reason: 'unmarked' })
  await here.apply()
  expect(JSON.stringify(secrets)).toBe(before)
})

describe('the certificate in use', () => {
  test.each([true, false])(
    'uploaded by hand too, listed first: %s: stays, in both entries, when the overlap is over',
    async (first) => {
      const { here, world } = await deployed()
      await here.apply({ rotate: 'certificate' })
      const foreign = addKey(app(world, 'hma-app'), { ...served(world), displayName: 'CN=hma.contoso.com' }, first)
      here.sandbox.advance(9 * day)
      const applied = await here.apply()
      expect(failures(applied)).toEqual([])
      const keys = app(world, 'hma-app').keyCredentials
      expect(keys).toContainEqual(foreign)
      expect(keys.map(({ thumbprint }) => thumbprint)).toEqual([foreign.thumbprint, foreign.thumbprint])
      expect(applied.writes.filter(({ method, url }) => method === 'PATCH' && /applications/.test(url))).toHaveLength(1)
      expect(here.sandbox.violations).toEqual([])
      expect(todo(await here.plan())).toEqual([])
    },
  )

  test.each(['Encrypt', 'Sign'])('as a credential with usage %s does not count as trusted', async (usage) => {
    const { here, world } = await deployed()
    const hmaApp = app(world, 'hma-app')
    const foreign = addKey(hmaApp, { ...served(world), usage })
    hmaApp.keyCredentials = [foreign]
    expect(todo(await here.plan())).toEqual([['certificateCredential', 'create']])
    await here.apply()
    expect(app(world, 'hma-app').keyCredentials).toHaveLength(2)
    expect(app(world, 'hma-app').keyCredentials).toContainEqual(foreign)
  })
})

describe.each(['rbac', 'accessPolicy'] as const)('a shared registration, a vault with %s', (create) => {
  test("destroy of a deployment that refers to another one's registrations takes nothing of theirs", async () => {
    const { here, world } = await deployed({ create })
    const [kvApp, hmaApp] = [app(world, 'kv-app'), app(world, 'hma-app')]
    const before = JSON.stringify([
      world.resources,
      world.directory.tenants,
      world.dataverse.organizations.map(({ tables }) => tables),
    ])
    const bbb = await here.with({
      ...{ name: 'bbb', create: false, vault: 'kv-contoso-mail' },
      keyVaultAppId: kvApp.appId,
      hmaAppId: hmaApp.appId,
    })
    await bbb.apply({ remove: true })
    expect(
      JSON.stringify([world.resources, world.directory.tenants, world.dataverse.organizations.map(({ tables }) => tables)]),
    ).toBe(before)
  })
})

test('role assignments name the deployment that made them, and only that one removes them', async () => {
  const { here, world } = await deployed({ create: false })
  const made = world.resources.roleAssignments.filter(({ description }) => description?.includes('deployment contoso'))
  expect(made).toHaveLength(2)
  for (const one of made) one.description = 'Managed by hma, deployment aaa.'
  await here.apply({ remove: true })
  expect(world.resources.roleAssignments).toEqual(expect.arrayContaining(made))
})

test('a profile of another deployment is reported as such and cannot be adopted', async () => {
  const { here, world } = await deployed()
  const { id } = organization(world)
  for (const row of profilesOf(organization(world)))
    row.cells.description = `Managed by hma, deployment aaa, organization ${id} (https://contoso.crm4.dynamics.com).`
  const before = JSON.stringify(organization(world).tables.emailserverprofile)
  for (const asked of [{}, { adopt: 'all' } as const]) {
    const changes = await here.plan(asked)
    expect(changes.find(({ kind }) => kind === 'emailServerProfile')).toMatchObject({ action: 'manual', reason: 'unmarked' })
    expect(instructions(changes, 'emailServerProfile')).toContain('"aaa"')
  }
  expect(JSON.stringify(organization(world).tables.emailserverprofile)).toBe(before)
})

describe('a credential that hma did not make', () => {
  const entries: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['no certificate at all', { type: 'Symmetric', key: Buffer.alloc(32, 7).toString('base64') }],
    ['a key of no sense', { key: 'bm90IGEgY2VydGlmaWNhdGU=', customKeyIdentifier: 'zz' }],
    ['without a beginning', { startDateTime: '', key: '' }],
    ['without dates', { startDateTime: '', endDateTime: '' }],
    ['for signing', { usage: 'Sign', type: 'X509CertAndPassword', displayName: 'CN=SAML' }],
    ['with a name that almost looks like ours', { displayName: 'hma:contoso' }],
    ['with the name of another deployment', { displayName: 'hma:contoso-2:kv-contoso-mail:0123456789ABCDEF' }],
    ['of a deployment of our name with another vault', { displayName: 'hma:contoso:kv-other:0123456789ABCDEF' }],
  ]

  test.each(entries)('%s: stops no command and stays unchanged', async (_what, entry) => {
    const { here, world } = await deployed()
    const foreign = addKey(app(world, 'hma-app'), entry)
    const secret = addPassword(app(world, 'kv-app'), entry.displayName === undefined ? null : String(entry.displayName))
    const text = JSON.stringify(foreign)
    const stays = () => {
      expect(app(world, 'hma-app').keyCredentials.map((one) => JSON.stringify(one))).toContain(text)
      expect(app(world, 'kv-app').passwordCredentials).toContainEqual(secret)
    }
    expect(todo(await here.plan())).toEqual([])
    expect(failures(await here.apply({ rotate: 'certificate' }))).toEqual([])
    stays()
    here.sandbox.advance(9 * day)
    expect(failures(await here.apply())).toEqual([])
    stays()
    await here.outputs()
    expect(failures(await here.apply({ remove: true }))).toEqual([])
    stays()
  })
})

test('a registration named by appId that is soft-deleted is restored', async () => {
  const { here, world } = await deployed({ create: false })
  const { appId, id } = app(world, 'hma-app')
  const named: Variant = { create: false, hmaAppId: appId }
  const tenant = Object.values(world.directory.tenants).find(({ applications }) => applications[id])
  const application = tenant?.applications[id]
  const principal = Object.values(tenant?.servicePrincipals ?? {}).find((one) => one.appId === appId)
  if (!application || !principal) throw new Error('there is no registration')
  application.deletedDateTime = here.sandbox.now().toISOString()
  principal.deletedDateTime = application.deletedDateTime
  const again = await here.with(named)
  const change = (await again.plan()).find(({ kind }) => kind === 'hmaApp')
  expect(change?.differences).toContainEqual(expect.objectContaining({ field: 'state', from: 'deleted', to: 'active' }))
  expect(failures(await again.apply())).toEqual([])
  expect(app(world, 'hma-app').appId).toBe(appId)
  expect(todo(await again.plan())).toEqual([])
})
