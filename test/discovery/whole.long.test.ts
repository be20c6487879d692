import { afterEach, expect, test } from 'vitest'
import { breaks } from '../../packages/sandbox/src/dataverse/chain.ts'
import { profileInUse } from '../../packages/sandbox/src/dataverse/profileRows.ts'
import type { Change } from '../../src/core/plan.ts'
import { openDeployment } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { environment, type PortalSetup, portalMade, procedureByHand, worldIn } from './portalMade.ts'

let here: Workplace
afterEach(() => here.leave())

async function made(hand: PortalSetup): Promise<void> {
  here = await portalMade(hand)
}

const planned = async (): Promise<readonly Change[]> => {
  const { stdout, stderr } = await here.hma('plan --sandbox --json')
  const { deployments }: { deployments: { changes: Change[] }[] } = JSON.parse(
    stdout || `{"deployments":[],"why":${JSON.stringify(stderr)}}`,
  )
  return deployments.flatMap(({ changes }) => changes)
}

/** Actions and differing fields, by resource. */
const differing = (changes: readonly Change[]) =>
  Object.fromEntries(
    changes
      .filter(({ action }) => action !== 'none')
      .map(({ kind, action, differences }) => [kind, `${action}: ${differences.map(({ field }) => field).join(' ')}`]),
  )

const cases: readonly PortalSetup[] = (['A', 'B', 'C'] as const).flatMap((rows) =>
  (['rbac', 'accessPolicy'] as const).map((vault) => ({ rows, vault })),
)

/** What hma cannot leave as it is: it does not know the secret, and the vault must not renew by itself. */
const repairs = {
  clientSecret: 'update: keyId',
  certificate: 'update: autoRenew',
  emailServerProfile: { A: 'update: identityId', B: 'update: clientId identityId', C: 'update: identityId' },
}

test.each(cases)('rows $rows, vault with $vault: import, validate, adopt and apply lead to an empty plan', async (hand) => {
  await made(hand)
  const imported = await here.hma(`import ${environment} --out hma.config.yaml --sandbox`)
  expect(imported.code, imported.stderr).toBe(0)
  const validated = await here.hma('validate')
  expect(validated.code, validated.stdout).toBe(0)

  const first = await planned()
  expect(differing(first)).toEqual({
    keyVaultApp: 'adopt: mark',
    hmaApp: 'adopt: mark',
    clientSecret: repairs.clientSecret,
    certificateRequest: 'manual: mark',
    certificate: `manual: mark ${repairs.certificate.slice(8)}`,
    emailServerProfile: `manual: mark ${repairs.emailServerProfile[hand.rows ?? 'C'].slice(8)}`,
  })
  const adopted = await here.hma('adopt --sandbox --yes')
  expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0)
  const second = await planned()
  expect(differing(second)).toEqual({
    clientSecret: repairs.clientSecret,
    certificate: repairs.certificate,
    emailServerProfile: repairs.emailServerProfile[hand.rows ?? 'C'],
  })
  const applied = await here.hma('apply --sandbox --yes')
  expect(applied.code, applied.stdout + applied.stderr).toBe(0)
  expect(differing(await planned())).toEqual({})
  expect(await broken()).toEqual([])
})

/** What keeps Dynamics from signing in through the profiles. */
async function broken(): Promise<readonly string[]> {
  const sandbox = await worldIn(here.directory)
  const { world, settings } = sandbox
  const now = sandbox.now()
  await sandbox.close()
  return world.dataverse.organizations.flatMap((organization) =>
    Object.values(organization.tables.emailserverprofile).flatMap((row) => {
      const used = profileInUse(organization, row, settings)
      return 'missing' in used ? [used.missing] : breaks(world, used, now).map(({ detail }) => detail)
    }),
  )
}

test.each(['A', 'B', 'C'] as const)('rows %s: sign-in keeps working while hma takes them over', async (rows) => {
  here = await workplace('')
  const sandbox = await worldIn(here.directory)
  const hand = { rows, profileName: 'Exchange on-premises (HMA)' }
  const { keyVaultAppId, hmaAppId } = await procedureByHand(sandbox, hand)
  await sandbox.close()
  const staged = await openDeployment({ create: false, keyVaultAppId, hmaAppId }, {}, sandbox.world)
  try {
    const { events } = await staged.apply({ adopt: 'all' })
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    await staged.apply()
    expect(staged.sandbox.violations).toEqual([])
  } finally {
    await staged.close()
  }
})

test.each(['rbac', 'accessPolicy'] as const)(
  'a vault that goes by %s, taken over: destroy leaves the rights that were given by hand',
  async (vault) => {
    await made({ rows: 'A', vault })
    for (const line of [`import ${environment} --out hma.config.yaml`, 'adopt --yes', 'apply --yes', 'destroy --yes']) {
      const { code, stdout, stderr } = await here.hma(`${line} --sandbox`)
      expect(code, `${line}: ${stdout}${stderr}`).toBe(0)
    }
    const { stdout } = await here.hma('destroy --yes --sandbox')
    expect(stdout).toContain('Nothing to remove')
  },
)
