import { afterEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import type { Change } from '../../src/core/plan.ts'
import { ids, type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'

let open: OpenDeployment | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

const todo = (changes: readonly Change[]) =>
  changes.filter(({ action }) => action !== 'none').map(({ address, action }) => [address.split('/')[1], action])

const registration = (sandbox: Sandbox, uniqueName: string) => {
  const all = Object.values(sandbox.world.directory.tenants).flatMap(({ applications }) => Object.values(applications))
  const found = all.find((one) => one.uniqueName === uniqueName)
  if (!found) throw new Error(`no ${uniqueName}`)
  return found
}

const tenant = (sandbox: Sandbox, id: string) => {
  const found = sandbox.world.directory.tenants[id]
  if (!found) throw new Error(`no tenant ${id}`)
  return found
}

const drop = (record: Record<string, unknown>, which: (value: unknown) => boolean): void => {
  for (const [key, value] of Object.entries(record)) if (which(value)) delete record[key]
}

const profiles = ({ world }: Sandbox) =>
  world.dataverse.organizations.flatMap(({ tables }) => Object.values(tables.emailserverprofile))

/** A change made in a portal, and what hma should say about it. */
const drifts: readonly {
  what: string
  variant?: Variant
  breaks: (sandbox: Sandbox) => void
  named: readonly (readonly [string, string])[]
}[] = [
  {
    what: 'renamed the registration KV-App',
    breaks: (sandbox) => void (registration(sandbox, 'hma-contoso-kv-app').displayName = 'Old'),
    named: [['keyVaultApp', 'update']],
  },
  {
    what: 'removed the secret of KV-App',
    breaks: (sandbox) => void (registration(sandbox, 'hma-contoso-kv-app').passwordCredentials = []),
    named: [['clientSecret', 'update']],
  },
  {
    what: 'took the role assignments away',
    breaks: ({ world }) => {
      const deployed = world.resources.roleAssignments.filter(
        ({ principalType, scope }) => principalType === 'ServicePrincipal' && /vaults/i.test(scope),
      )
      world.resources.roleAssignments = world.resources.roleAssignments.filter((one) => !deployed.includes(one))
    },
    named: [['vaultAccess', 'create']],
  },
  {
    what: 'took the access policy away',
    variant: { create: 'accessPolicy' },
    breaks: ({ world }) => {
      for (const { properties } of world.resources.vaults)
        properties.accessPolicies = properties.accessPolicies.filter(({ permissions }) => permissions.certificates.length > 1)
    },
    named: [['vaultAccess', 'create']],
  },
  {
    what: 'removed the certificate from HMA-App',
    breaks: (sandbox) => void (registration(sandbox, 'hma-contoso-hma-app').keyCredentials = []),
    named: [['certificateCredential', 'create']],
  },
  {
    what: 'removed the permission',
    breaks: (sandbox) => void (registration(sandbox, 'hma-contoso-hma-app').requiredResourceAccess = []),
    named: [['apiPermission', 'create']],
  },
  {
    what: 'revoked the consent',
    breaks: (sandbox) => {
      const { appId } = registration(sandbox, 'hma-contoso-hma-app')
      const { servicePrincipals, appRoleAssignments } = tenant(sandbox, ids.exchangeTenant)
      const principal = Object.values(servicePrincipals).find((one) => one.appId === appId)
      drop(appRoleAssignments, (one) => JSON.stringify(one).includes(`"principalId":"${principal?.id}"`))
    },
    named: [['adminConsent', 'create']],
  },
  {
    what: 'pointed the profile elsewhere',
    breaks: (sandbox) => {
      for (const { cells } of profiles(sandbox)) cells.incomingserverlocation = 'https://other.contoso.com'
    },
    named: [['emailServerProfile', 'update']],
  },
]

describe('a change made in a portal', () => {
  test.each(drifts)('$what: reported and repaired, and nothing else is changed', async ({ variant = {}, breaks, named }) => {
    open = await openDeployment(variant)
    await open.apply()
    breaks(open.sandbox)
    expect(todo(await open.plan())).toEqual(named)
    const { events } = await open.apply()
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    expect(todo(await open.plan())).toEqual([])
  })

  test('moved the vault: a change that no call can undo is a manual action', async () => {
    open = await openDeployment()
    await open.apply()
    for (const vault of open.sandbox.world.resources.vaults) vault.location = 'northeurope'
    const [vault] = await open.plan()
    expect(vault).toMatchObject({ address: 'contoso/vault', action: 'manual', reason: 'differs' })
    expect(vault?.instructions).toContain('Set keyVault.create.location to northeurope')
  })
})
