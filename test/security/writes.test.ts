import { describe, expect, test } from 'vitest'
import type { LogEntry, World } from '../../packages/sandbox/src/azure.ts'
import type { Change } from '../../src/core/plan.ts'
import { day } from '../support/credentials.ts'
import { type Applied, type Asked, ids, type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import { addForeignObjects, touched } from '../support/foreignObjects.ts'
import { byAccessPolicies, grantRights } from '../support/rights.ts'

const arm = `https://management.azure.com/subscriptions/${ids.subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail`
const vault = 'https://kv-contoso-mail.vault.azure.net'
const dataverse = 'https://contoso.crm4.dynamics.com/api/data/v9.2'
const graph = 'https://graph.microsoft.com/v1.0'

/** Ids of what hma has made in the directory, by the name of its registration. */
function made(world: World, uniqueName: string) {
  const tenants = Object.values(world.directory.tenants)
  const application = tenants.flatMap((one) => Object.values(one.applications)).find((one) => one.uniqueName === uniqueName)
  const principals = tenants.flatMap((one) => Object.values(one.servicePrincipals))
  return { application: application?.id ?? '-', principal: principals.find((one) => one.appId === application?.appId)?.id ?? '-' }
}

/** Object ids of Office 365 Exchange Online in the tenants of the deployment. */
const exchangeOnline = ({ directory }: World): readonly string[] =>
  [ids.vaultTenant, ids.exchangeTenant].flatMap((tenant) =>
    Object.values(directory.tenants[tenant]?.servicePrincipals ?? {}).flatMap(({ displayName, id }) =>
      displayName === 'Office 365 Exchange Online' ? [id] : [],
    ),
  )

/** Where a change of each address may write, or below; a `$` in the end: there only: everything else is a write that the plan did not name. */
function places(world: World): Readonly<Record<string, readonly string[]>> {
  const app = (role: string): readonly string[] => {
    const { application, principal } = made(world, `hma-contoso-${role}`)
    const named = `${graph}/applications(uniqueName='hma-contoso-${role}')`
    const deleted = [application, principal].map((id) => `${graph}/directory/deletedItems/${id}/restore`)
    return [named, `${graph}/applications/${application}`, `${graph}/servicePrincipals$`, ...deleted]
  }
  const credentials = (role: string): string => `${graph}/applications/${made(world, `hma-contoso-${role}`).application}`
  const rows = (set: string): string => `${dataverse}/${set}(`
  const certificate = [`${vault}/certificates/HMA-Cert`, `${vault}/deletedcertificates/HMA-Cert/recover`]
  const copy = ['secrets', 'deletedsecrets'].map((set) => `${vault}/${set}/hma-kv-app-client-secret`)
  return {
    vault: [`${arm}$`, `${arm}/accessPolicies/replace$`],
    keyVaultApp: app('kv-app'),
    hmaApp: app('hma-app'),
    clientSecret: [credentials('kv-app'), rows('managedidentities'), ...copy],
    certificateCredential: [credentials('hma-app')],
    apiPermission: [credentials('hma-app')],
    adminConsent: exchangeOnline(world).map((id) => `${graph}/servicePrincipals/${id}/appRoleAssignedTo$`),
    vaultAccess: [`${arm}/providers/Microsoft.Authorization/roleAssignments/`, `${arm}/accessPolicies/`],
    certificateRequest: certificate,
    certificate,
    emailServerProfile: [rows('emailserverprofiles'), rows('keyvaultreferences')],
  }
}

const addressOf = ({ address }: Change): string => address.replace('contoso/', '')

const urlOf = ({ url }: LogEntry): string => decodeURIComponent(url.replace(/\?.*$/, ''))

const covers = (place: string, url: string): boolean => (place.endsWith('$') ? url === place.slice(0, -1) : url.startsWith(place))

/** Writes without a planned change, and planned changes without a write. */
function unexplainedWrites({ changes, writes }: Applied, world: World): readonly string[] {
  const named = changes.filter(({ action }) => action !== 'none' && action !== 'manual')
  const where = places(world)
  const fits = (change: Change, write: LogEntry): boolean =>
    (where[addressOf(change)] ?? []).some((place) => covers(place.toLowerCase(), urlOf(write).toLowerCase()))
  return [
    ...writes.filter((write) => !named.some((change) => fits(change, write))).map((write) => `${write.method} ${urlOf(write)}`),
    ...named
      .filter((change) => !writes.some((write) => fits(change, write)))
      .map(({ address, action }) => `nothing for ${action} ${address}`),
  ]
}

const hosts = (log: readonly LogEntry[]): readonly string[] => [...new Set(log.map(({ url }) => new URL(url).host))].sort()

const configured = (dynamics: boolean) =>
  [
    ...(dynamics ? ['contoso.crm4.dynamics.com'] : []),
    ...['graph.microsoft.com', 'kv-contoso-mail.vault.azure.net', 'login.microsoftonline.com', 'management.azure.com'],
  ].sort()

const steps: readonly (readonly [string, number, Asked])[] = [
  ['the first apply', 0, {}],
  ['a second one', 0, {}],
  ['the renewal of the secret', 155, {}],
  ['the renewal of everything', 190, { rotate: 'certificate' }],
  ['the removal', 0, { remove: true }],
  ['what is deleted, recovered', 0, {}],
]

const variants: readonly (readonly [string, Variant, boolean])[] = [
  ['a vault that exists, RBAC, two tenants, Dynamics', { create: false }, false],
  ['a vault that exists, access policies, one tenant, no Dynamics', { create: false, tenants: 1, dynamics: false }, true],
  ['a vault that hma makes, RBAC, with a copy', { copy: true }, false],
  ['a vault that hma makes, access policies, consent by hand', { create: 'accessPolicy', consent: 'manual', copy: true }, false],
]

async function withNeighbours(variant: Variant, policies: boolean): Promise<OpenDeployment> {
  const here = await openDeployment(variant)
  const { world } = here.sandbox
  if (policies) {
    byAccessPolicies(world)
    grantRights(world, [
      ...['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'].map(
        (name) => ({ of: 'graph', tenant: 'vault', name }) as const,
      ),
      { of: 'azure', at: 'subscription', name: 'Owner' },
      ...(['certificates', 'secrets'] as const).map((on) => ({ of: 'policy', on, name: 'all' }) as const),
    ])
  }
  addForeignObjects(world)
  return here
}

test('this test detects unplanned writes', async () => {
  const here = await withNeighbours({ create: false }, false)
  try {
    const { world } = here.sandbox
    const after = structuredClone(world)
    for (const { versions } of Object.values(after.vaults['kv-contoso-mail']?.secrets ?? {}))
      for (const one of versions) one.value = 'x'
    after.resources.roleAssignments.pop()
    expect(touched(world, after)).toEqual([
      expect.stringMatching(/^\/resources\/roleAssignments\//),
      expect.stringMatching(/^\/vaults\/kv-contoso-mail\/secrets\/other\/versions\/0/),
    ])
    const url = `${vault}/secrets/other?api-version=7.4`
    const write: LogEntry = { at: '', service: 'keyVault', method: 'PUT', url, status: 200, caller: undefined }
    expect(unexplainedWrites({ changes: await here.plan(), events: [], writes: [write], times: new Map() }, world)).toContain(
      `PUT ${vault}/secrets/other`,
    )
  } finally {
    await here.close()
  }
})

describe.each(variants)('%s', (_name, variant, policies) => {
  test('only planned writes are made, and objects of others stay unchanged', async () => {
    const here = await withNeighbours(variant, policies)
    try {
      const { sandbox } = here
      const before = structuredClone(sandbox.world)
      for (const [step, days, asked] of steps) {
        sandbox.advance(days * day + 60_000)
        const applied = await here.apply(asked)
        expect(unexplainedWrites(applied, sandbox.world), step).toEqual([])
        expect(touched(before, sandbox.world), step).toEqual([])
      }
      expect(hosts(sandbox.log)).toEqual(configured(variant.dynamics ?? true))
      expect(sandbox.log.filter(({ service, url }) => service === 'login' && url.includes('99999999'))).toEqual([])
    } finally {
      await here.close()
    }
  })
})
