import { afterEach, expect, test } from 'vitest'
import type { Settings } from '../../packages/sandbox/src/azure.ts'
import { breaks } from '../../packages/sandbox/src/dataverse/chain.ts'
import { profileInUse } from '../../packages/sandbox/src/dataverse/profileRows.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { graphAs } from '../../packages/sandbox/test/support/graph.ts'
import { ids, type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'

let open: OpenDeployment | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

const day = 86_400_000

/** Days between two runs: the secret is renewed at 170 and 340, the certificate at 340, and both former ones go at 348. */
const steps = [0, 170, 170, 8]

/** Where Microsoft's documentation leaves a choice, the services may do either, and hma converges all the same. The other choice is the sandbox's default. */
const choices: readonly (readonly [string, Partial<Settings>, Variant])[] = [
  ['as the sandbox is set, with roles', {}, {}],
  ['as the sandbox is set, with access policies', {}, { create: 'accessPolicy' }],
  ['access policies are overwritten by `add`', { accessPoliciesAdd: 'overwrite' }, { create: 'accessPolicy' }],
  ['lists do not show the certificates of credentials', { keyInLists: false }, {}],
  ['a repeated role assignment is 201', { repeatedRoleAssignment: 201 }, {}],
  ['a merge does not keep the tags of the request', { mergeKeepsTags: false }, {}],
  ['the version that waits hides the current one', { pendingHidesCurrent: true }, {}],
  ['rights take a while to count', { propagation: 300 }, { create: 'accessPolicy' }],
  ["Dynamics reads the vault as the profile's identity", { profileRows: 'C' }, {}],
  ["Dynamics reads the vault as the reference's identity", { profileRows: 'A' }, {}],
  ['a vault with roles does not say so', { echoesRoleBased: false }, {}],
  ['an existing vault with roles does not say so', { echoesRoleBased: false }, { create: false }],
  ['certificates of applications live for a year', { yearForCertificates: true }, {}],
]

test.each(choices)('%s: reached, renewed, and nothing left to do', async (_what, settings, variant) => {
  open = await openDeployment(variant, { keyPool: 4, ...settings })
  const { sandbox } = open
  for (const days of steps) {
    sandbox.advance(days * day)
    const { events } = await open.apply()
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    const again = await open.apply()
    expect(again.changes.filter(({ action }) => action !== 'none')).toEqual([])
    expect(again.writes).toEqual([])
    expect(broken(sandbox)).toEqual([])
  }
  expect(sandbox.violations).toEqual([])
})

/** What keeps Dynamics from signing in through the profiles, as it reads their rows. */
const broken = ({ world, settings, now }: Sandbox): readonly string[] =>
  world.dataverse.organizations.flatMap((organization) =>
    Object.values(organization.tables.emailserverprofile).flatMap((row) => {
      const used = profileInUse(organization, row, settings)
      return 'missing' in used ? [used.missing] : breaks(world, used, now()).map(({ detail }) => detail)
    }),
  )

test.each([true, false])('consent comes back with a service principal: %s', async (restoredConsent) => {
  open = await openDeployment({}, { restoredConsent })
  const { sandbox } = open
  await open.apply()
  const tenant = sandbox.principals.find(({ tenantId, rights }) => tenantId === ids.exchangeTenant && rights === 'owner')
  if (tenant === undefined) throw new Error('There is no owner.')
  const graph = await graphAs(sandbox, tenant)
  const { json } = await graph('GET', "/applications(uniqueName='hma-contoso-hma-app')")
  expect((await graph('DELETE', `/applications/${json.id}`)).status).toBe(204)
  const { events } = await open.apply()
  expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
  expect((await open.apply()).writes).toEqual([])
  expect(broken(sandbox)).toEqual([])
})

/** The third way in which the rows could hang together is not the one that hma writes: this is visible, and a mailbox test reports it. */
test("Dynamics takes HMA-App from the profile's identity: not with hma's rows", async () => {
  open = await openDeployment({}, { profileRows: 'B' })
  await open.apply()
  expect(broken(open.sandbox)).toEqual(["the profile's rows hold no hmaApplicationId"])
})
