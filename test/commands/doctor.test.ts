import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { writeWorld } from '../../packages/sandbox/src/store.ts'
import type { RightFound } from '../../src/deployment/heldRights.ts'
import { type Purpose, purposes } from '../../src/deployment/rights.ts'
import { worldAt } from '../security/leastPrivilege.ts'
import { type Lab, lab } from '../support/customCloud.ts'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { grantRights, type Right } from '../support/rights.ts'
import { needed, type Setting, variantOf } from '../support/rightsTable.ts'

const leaving: { leave(): Promise<void> }[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const one of leaving.splice(0)) await one.leave()
})

async function at(text: string): Promise<Workplace> {
  const here = await workplace(text)
  leaving.push(here)
  return here
}

interface Report {
  readonly ok: boolean
  readonly clock: { readonly aheadSeconds: number }
  readonly proxy: { readonly https: string | null }
  readonly configuration: { readonly deployments: readonly string[]; readonly mistakes: readonly unknown[] }
  readonly hosts: readonly { readonly host: string; readonly reachable: boolean }[]
  readonly tenants: readonly {
    readonly tenantId: string
    readonly credential: string
    readonly signedIn: { readonly type: string; readonly name: string; readonly until: string } | null
    readonly rights: Readonly<Partial<Record<Purpose, readonly RightFound[]>>>
  }[]
}

const report = ({ stdout }: { stdout: string }): Report => JSON.parse(stdout)

/** As docs/rights.md calls them. */
const nameOf = (right: Right): string => (right.of === 'policy' ? `${right.on}: ${right.name}` : right.name)

const missing = ({ tenants }: Report, purpose: Purpose): readonly string[] =>
  tenants
    .flatMap(({ rights }) => rights[purpose] ?? [])
    .filter(({ status }) => status !== 'present')
    .map(({ right, status }) => `${status}: ${right}`)

const settings: readonly Setting[] = [
  { vault: 'existing, RBAC', consent: 'grant', dynamics: true, copy: true, tenants: 2 },
  { vault: 'existing, access policies', consent: 'grant', dynamics: true, copy: true, tenants: 1 },
  { vault: 'made by hma, RBAC', consent: 'manual', dynamics: false, copy: true, tenants: 2 },
]

describe.each(settings)('the rights of docs/rights.md: $vault, $tenants tenants', (setting) => {
  /** `hma doctor` of an identity with exactly these rights. */
  async function examined(purpose: Purpose, rights: readonly Right[]) {
    const here = await at(yaml(variantOf(setting)))
    await mkdir(join(here.directory, '.hma'))
    const world = await worldAt(setting, setting.vault.startsWith('made') ? 'standing' : 'fresh')
    grantRights(world, [...rights, ...toAsk(purpose)])
    writeWorld(join(here.directory, '.hma', 'sandbox.json'), world)
    const { code, stdout, stderr } = await here.hma(`doctor --sandbox --json --for ${purpose}`)
    expect(stderr).toBe('')
    return { code, missing: missing(report({ stdout }), purpose) }
  }

  /** The rights needed to see the others; none of the rights under test includes them. */
  const toAsk = (purpose: Purpose): readonly Right[] => [
    { of: 'dataverse', name: 'prvReadUser' },
    ...(purpose === 'verify' && !setting.dynamics ? [{ of: 'azure', at: 'subscription', name: 'Reader' } as const] : []),
  ]

  test.each(purposes)(
    '%s: all of them are enough, and each removed right is reported as missing, and no other',
    async (purpose) => {
      const all = needed(purpose, setting).map(({ right }) => right)
      expect(await examined(purpose, all)).toEqual({ code: 0, missing: [] })
      for (const one of all) {
        const found = await examined(
          purpose,
          all.filter((other) => other !== one),
        )
        const looksAtVault = one.of === 'azure' && /^(Reader|Key Vault Contributor|Role Based .*)$/.test(one.name)
        // Without the role that shows the vault, its access model is unknown: the right to read comes first.
        const first = looksAtVault && found.missing.length > 1 ? found.missing.slice(0, 1) : found.missing
        const expected = first.length < found.missing.length ? 'Reader' : nameOf(one)
        expect({ code: found.code, missing: first }, JSON.stringify(one)).toEqual({ code: 1, missing: [`missing: ${expected}`] })
      }
    },
  )
})

test('says who is signed in and how, for whom, and what it found of machine and hosts; a reader lacks what apply needs', async () => {
  const cloud: Lab = await lab({ create: false })
  leaving.push(cloud)
  const owner = report(await cloud.hma('doctor --json', 'owner'))
  const me = cloud.sandbox.principals.find(({ rights, tenantId }) => rights === 'owner' && tenantId === ids.vaultTenant)
  expect(owner).toMatchObject({ ok: true, proxy: { https: null }, configuration: { deployments: ['contoso'], mistakes: [] } })
  expect(owner.tenants).toMatchObject([
    { tenantId: ids.vaultTenant, credential: 'clientSecret', signedIn: { type: 'application', name: me?.clientId } },
  ])
  expect(Date.parse(owner.tenants[0]?.signedIn?.until ?? '')).toBeGreaterThan(0)
  expect(owner.hosts.length).toBeGreaterThanOrEqual(5)
  // Exchange is nowhere; only verify would need it.
  expect(owner.hosts.filter(({ reachable }) => !reachable).map(({ host }) => host)).toEqual(['mail.contoso.com'])

  const reader = await cloud.hma('doctor', 'reader')
  const text = reader.stdout.replaceAll(/\s+/g, ' ')
  expect(reader.code).toBe(1)
  expect(text).toMatch(/✓ plan \d of \d rights/)
  expect(text).toContain(`missing: Application.ReadWrite.OwnedBy (Microsoft Graph, tenant ${ids.vaultTenant})`)
  expect((await cloud.hma('doctor --for plan', 'reader')).code).toBe(0)
})

test('reports a failed sign-in and continues', async () => {
  const cloud: Lab = await lab({ create: false })
  leaving.push(cloud)
  const { here } = cloud
  const secret = 'wrong-secret-0123456789'
  const me = cloud.sandbox.principals.find(({ rights }) => rights === 'owner')
  await here.write(
    'sign-in.yaml',
    `${cloud.cloud}auth:\n  ${ids.vaultTenant}:\n    credential: clientSecret\n    clientId: ${me?.clientId}\n    clientSecret: ${secret}\n`,
  )
  const { code, stdout, stderr } = await here.hma('doctor -f sign-in.yaml')
  expect(code).toBe(1)
  expect(stdout).toMatch(/✗ sign-in/)
  expect(stdout).toContain('AADSTS7000215')
  expect(stdout).toMatch(/✓ host +login\.sandbox\.localhost/)
  expect(stdout + stderr).not.toContain(secret)
})

test('needs no configuration, and reports every mistake in an existing one', async () => {
  const here = await at('apiVersion: hma/v2\n')
  const wrong = await here.hma('doctor --sandbox')
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain('hma.config.yaml:1:13 error')
  expect(wrong.stdout).toMatch(/✗ configuration +\d mistakes, shown above/)
  expect(report(await here.hma('doctor --sandbox --json')).configuration.mistakes.length).toBeGreaterThan(1)
  await rm(join(here.directory, 'hma.config.yaml'))
  const none = await here.hma('doctor --sandbox')
  expect(none.stdout).toMatch(/- configuration +no deployment/)
  expect(none.code).toBe(0)
})

test('shows the proxy without its password', async () => {
  vi.stubEnv('HTTPS_PROXY', 'http://user:s3cret@127.0.0.1:1')
  const here = await at('')
  await rm(join(here.directory, 'hma.config.yaml'))
  const { code, stdout, stderr } = await here.hma('doctor --json')
  expect(code).toBe(1)
  expect(report({ stdout }).proxy.https).toBe('http://127.0.0.1:1')
  expect(report({ stdout }).hosts.map(({ reachable }) => reachable)).toEqual([false, false, false])
  expect(stdout + stderr).not.toContain('s3cret')
})

test('reports missing or unusable evidence from Exchange', async () => {
  const here = await at(yaml().replace('exchange:\n', 'exchange:\n  evidence: ./evidence.json\n'))
  const none = await here.hma('doctor --sandbox')
  expect(none.stdout).toContain('Exchange, by its evidence')
  expect(none.stdout.replaceAll(/\s+/g, ' ')).toContain('evidence.json does not exist')
  await here.write('evidence.json', '{}')
  const wrong = await here.hma('doctor --sandbox --json')
  const { evidence }: { evidence: { severity: string; text: string }[] } = JSON.parse(wrong.stdout)
  expect(evidence).toEqual([expect.objectContaining({ severity: 'warning', text: expect.stringContaining('evidence.json') })])
})
