import { randomUUID } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { newApplication, newServicePrincipal } from '../../packages/sandbox/src/directory/objects/make.ts'
import type { Application, Tenant } from '../../packages/sandbox/src/directory/state.ts'
import type { SeededChoice } from '../../packages/sandbox/src/faults/bySeed.ts'
import { addKey, addPassword, addProfile, app, organization, served } from './others.ts'

/** Other people's objects among ours: each is added in one of many ways and must remain unchanged. */

/** A foreign object's visible state; undefined once it is gone. */
type Look = (world: World) => unknown

interface Member {
  readonly name: string
  /** Also if the plain audit counts objects with our names. */
  readonly entry?: true
  add(world: World, dice: SeededChoice): Look
}

/** Part of one of our objects, deleted with it. */
const withIt = { wentWith: 'the object of ours that it was a part of' }

const ourVault = 'kv-contoso-mail'

const isGone = ({ vaults }: World['resources']): boolean =>
  vaults.every(({ name, deletedAt }) => name !== ourVault || deletedAt !== undefined)

const hostileNames = [
  'KV-App',
  'HMA-App',
  'hma-contoso-kv-app',
  "O'Brien & Söhne \u202e<script>",
  'hma:contoso',
  '  ',
  'hma contoso 00000000-0000-0000-0000-000000000000',
] as const

const hostileKeyNames = [
  null,
  'hma:contoso',
  'hma:contoso-2:x:y',
  'hma:contosox:1',
  'HMA:contoso:1:2',
  ':::',
  'CN=hma.contoso.com',
  '🙂',
] as const

const keyShapes: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'Symmetric', key: Buffer.alloc(32, 7).toString('base64') },
  { key: 'bm90IGEgY2VydGlmaWNhdGU=', customKeyIdentifier: 'zz' },
  { usage: 'Sign', type: 'X509CertAndPassword' },
  { startDateTime: '', key: '' },
  { startDateTime: '', endDateTime: '' },
  { usage: 'Encrypt' },
]

const keyById =
  (role: 'kv-app' | 'hma-app', keyId: string): Look =>
  (world) => {
    const { keyCredentials, passwordCredentials } = app(world, role)
    return [...keyCredentials, ...passwordCredentials].find((one) => one.keyId === keyId)
  }

const tenantOf = (world: World, role: 'kv-app' | 'hma-app'): Tenant => {
  const { id } = app(world, role)
  const found = Object.values(world.directory.tenants).find(({ applications }) => applications[id])
  if (!found) throw new Error(`there is no tenant of ${role}`)
  return found
}

const roles = ['kv-app', 'hma-app'] as const

function addRegistration(tenant: Tenant, more: Partial<Application>): Look {
  const at = new Date('2026-01-01T00:00:00Z')
  const made = { ...newApplication('somebody else', at), ...more }
  const principal = newServicePrincipal(tenant, made, at)
  tenant.applications[made.id] = made
  tenant.servicePrincipals[principal.id] = principal
  return ({ directory }) => [
    directory.tenants[tenant.id]?.applications[made.id],
    directory.tenants[tenant.id]?.servicePrincipals[principal.id],
  ]
}

const rowLook =
  (profileId: string): Look =>
  (world) => {
    const { tables } = organization(world)
    const profile = tables.emailserverprofile[profileId]
    return [
      profile,
      tables.managedidentity[String(profile?.cells.managedidentityid)],
      tables.keyvaultreference[String(profile?.cells.keyvaultreferenceid)],
    ]
  }

const attributes = { enabled: true, created: 1_700_000_000, updated: 1_700_000_000 }

export const members: readonly Member[] = [
  {
    name: 'a key that is no certificate to sign in with',
    entry: true,
    add: (world, { of, below }) => {
      const { keyId } = addKey(app(world, 'hma-app'), { ...of(keyShapes), displayName: of(hostileKeyNames) }, below(2) === 0)
      return keyById('hma-app', keyId)
    },
  },
  {
    name: 'the certificate of the vault, uploaded by hand',
    entry: true,
    add: (world, { of, below }) => {
      const { keyId } = addKey(app(world, 'hma-app'), { ...served(world), displayName: of(hostileKeyNames) }, below(2) === 0)
      return keyById('hma-app', keyId)
    },
  },
  {
    name: 'a key of a deployment of our name with another vault',
    add: (world, { below }) => {
      const displayName = 'hma:contoso:kv-elsewhere:0123456789ABCDEF'
      return keyById('hma-app', addKey(app(world, 'hma-app'), { displayName }, below(2) === 0).keyId)
    },
  },
  {
    name: 'a secret on a registration',
    entry: true,
    add: (world, { of }) => {
      const role = of(roles)
      return keyById(role, addPassword(app(world, role), of(hostileKeyNames)).keyId)
    },
  },
  {
    name: 'a secret of a deployment of our name for another organization',
    add: (world) => keyById('kv-app', addPassword(app(world, 'kv-app'), `hma:contoso:${randomUUID()}:0123456789abcdef`).keyId),
  },
  {
    name: 'another permission that is asked for',
    entry: true,
    add: (world, { of }) => {
      const application = app(world, 'hma-app')
      const [resourceAppId, id] = [randomUUID(), randomUUID()]
      const made = { resourceAppId, resourceAccess: [{ id, type: of(['Scope', 'Role']) }] }
      application.requiredResourceAccess = [made, ...application.requiredResourceAccess]
      return ({ directory }) => {
        const now = Object.values(directory.tenants).flatMap(({ applications }) => applications[application.id] ?? [])
        return now.some(({ deletedDateTime }) => deletedDateTime === null)
          ? now[0]?.requiredResourceAccess.find((one) => one.resourceAppId === resourceAppId)
          : withIt
      }
    },
  },
  {
    name: 'a registration with a name like ours',
    add: (world, { of }) =>
      addRegistration(tenantOf(world, of(roles)), {
        displayName: of(hostileNames),
        tags: of([[], ['hma:fabrikam', 'hma-made:fabrikam'], ['hma'], ['hma-made:contoso']]),
      }),
  },
  {
    name: 'a deleted registration with a name like ours',
    add: (world, { of }) => {
      const tenant = tenantOf(world, of(roles))
      const deletedDateTime = '2029-12-31T00:00:00Z'
      return addRegistration(tenant, {
        displayName: of(hostileNames),
        deletedDateTime,
        uniqueName: of([null, `hma-fabrikam-${randomUUID()}`]),
      })
    },
  },
  {
    name: 'a profile of the same name',
    add: (world, { of, below }) => {
      const { id } = organization(world)
      const descriptions = [
        null,
        'made by hand',
        'Managed by hma, deployment fabrikam.',
        `Managed by hma, deployment fabrikam, organization ${id} (https://contoso.crm4.dynamics.com).`,
        `Managed by hma, deployment contoso, organization ${randomUUID()} (https://old.crm4.dynamics.com).`,
        'Managed by hma, deployment contoso-2.',
      ]
      return rowLook(addProfile(world, { description: of(descriptions), first: below(2) === 0 }).id)
    },
  },
  {
    name: 'a clone of our profile, mark and all',
    add: (world, { below }) => {
      const [ours] = Object.values(organization(world).tables.emailserverprofile).filter(({ cells }) =>
        String(cells.description).includes('deployment contoso,'),
      )
      return rowLook(addProfile(world, { description: String(ours?.cells.description), first: below(2) === 0 }).id)
    },
  },
  {
    name: 'another secret in the vault',
    add: (world, { of }) => {
      const name = `other-${randomUUID()}`
      const tags = of([{}, { 'hma-deployment': 'fabrikam' }, { team: 'billing' }])
      const vault = world.vaults[ourVault]
      if (!vault) throw new Error('there is no vault')
      vault.secrets[name] = { name, versions: [{ version: '0'.repeat(32), value: 'theirs', attributes, tags }] }
      return ({ vaults }) => vaults[ourVault]?.secrets[name]
    },
  },
  {
    name: "someone else's role at the vault",
    entry: true,
    add: (world, { of }) => {
      const [model] = world.resources.roleAssignments.filter(({ scope }) => scope.endsWith(ourVault))
      const some = model ?? world.resources.roleAssignments[0]
      if (!some) throw new Error('there is no role assignment')
      const name = randomUUID()
      const description = of([null, 'Managed by hma, deployment fabrikam.', 'Managed by hma, deployment contoso-2.', 'on call'])
      world.resources.roleAssignments.unshift({ ...some, name, principalId: randomUUID(), description })
      return ({ resources }) =>
        resources.roleAssignments.find((one) => one.name === name) ?? (isGone(resources) ? withIt : undefined)
    },
  },
  {
    name: "someone else's access policy",
    entry: true,
    add: (world, { below }) => {
      const vault = world.resources.vaults.find(({ name }) => name === ourVault)
      if (!vault) throw new Error('there is no vault')
      const objectId = randomUUID()
      const { tenantId } = vault.properties
      const made = {
        tenantId,
        objectId,
        permissions: { secrets: ['get', 'list'], certificates: [], keys: ['sign'], storage: [] },
      }
      vault.properties.accessPolicies.splice(below(2), 0, made)
      return ({ resources }) =>
        resources.vaults.find(({ name }) => name === ourVault)?.properties.accessPolicies.find((one) => one.objectId === objectId)
    },
  },
]

/** Entries in lists that hma writes. */
export const entries = members.filter(({ entry }) => entry)

/** Someone else's object, and its original state. */
export interface Other {
  readonly name: string
  readonly was: string
  look: Look
}

/** Some of them, in any order. */
export function crowd(world: World, dice: SeededChoice, from: readonly Member[] = members): readonly Other[] {
  return Array.from({ length: 2 + dice.below(7) }, () => {
    const { name, add } = dice.of(from)
    const look = add(world, dice)
    return { name, look, was: text(look, world) }
  })
}

const text = (look: Look, world: World): string => {
  try {
    return JSON.stringify(look(world)) ?? 'gone'
  } catch {
    return 'gone'
  }
}

/** Those that changed in any byte. */
export const touched = (others: readonly Other[], world: World): readonly string[] =>
  others.flatMap(({ name, look, was }) => {
    const is = text(look, world)
    return is === was || is === JSON.stringify(withIt) ? [] : [`${name}: ${difference(was, is)}`]
  })

/** From where on they differ. */
function difference(was: string, is: string): string {
  const at = [...was].findIndex((character, index) => character !== is[index])
  return `…${was.slice(Math.max(0, at - 60), at + 60)}… became …${is.slice(Math.max(0, at - 60), at + 60)}…`
}
