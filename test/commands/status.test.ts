import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { roleIds } from '../../packages/sandbox/src/resourceManager/roles/role.ts'
import { company } from '../../packages/sandbox/test/support/companyCa.ts'
import type { Status } from '../../src/views/status/model.ts'
import { type Lab, lab } from '../support/customCloud.ts'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const leaving: { leave(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of leaving.splice(0)) await one.leave()
})
const at = async (text: string): Promise<Workplace> => {
  const here = await workplace(text)
  leaving.push(here)
  return here
}
/** The one deployment in what `--json` printed. */
function only(stdout: string): Status {
  const [first, ...more] = Object.values<Status>(JSON.parse(stdout))
  if (!first || more.length > 0) throw new Error(stdout)
  return first
}

const kinds = ({ problems }: Status): readonly string[] => problems.map(({ kind }) => kind)

test('the life of a deployment, as a monitor sees it', async () => {
  const here = await at(yaml({ create: false, tenants: 1 }))
  const status = async (line = '') => {
    const { code, stdout } = await here.hma(`status --sandbox --json ${line}`)
    return { code, ...only(stdout) }
  }

  const before = await here.hma('status --sandbox')
  expect(before.code).toBe(0)
  expect(before.stdout).toContain('  ! deployment: nothing is applied yet\n    Run `hma apply --sandbox`.\n')
  expect((await here.hma('status --sandbox --within 14d')).code).toBe(1)

  await here.hma('apply --sandbox --yes --quiet')
  const fresh = await status('--within 14d')
  expect(fresh).toMatchObject({ code: 0, ok: true, problems: [] })
  expect(fresh.certificate).toMatchObject({
    name: 'HMA-Cert',
    state: 'current',
    outlook: 'fine',
    renewedBy: 'hma',
    pending: false,
  })
  expect(fresh.trusted).toMatchObject([{ state: 'current', ours: true, thumbprint: fresh.certificate?.thumbprint }])
  expect(fresh.secrets).toMatchObject([{ state: 'held', heldBy: ['dynamics'] }])
  expect(fresh.dynamics).toMatchObject({ secret: fresh.secrets[0]?.keyId, certificateName: 'HMA-Cert' })
  expect(fresh.expires).toEqual({
    ...{
      what: `secret ${fresh.secrets[0]?.keyId.slice(0, 8)} of KV-App`,
      at: fresh.secrets[0]?.expires,
      days: fresh.secrets[0]?.days,
    },
  })
  expect(fresh.secrets[0]?.days).toBeGreaterThanOrEqual(178)

  await here.hma('sandbox advance 170d')
  const missed = await status('--within 14d')
  expect(missed).toMatchObject({ code: 1, ok: false, secrets: [{ outlook: 'soon' }] })
  expect(missed.problems).toMatchObject([{ kind: 'expiring', hint: expect.stringContaining('Renewal was due on') }])
  expect(await status()).toMatchObject({ code: 0, ok: true })
  expect(await status('--within 1d')).toMatchObject({ code: 0, ok: true })

  await here.hma('apply --sandbox --yes --quiet')
  const renewed = await status('--within 14d')
  expect(renewed).toMatchObject({ code: 0, secrets: [{ state: 'held' }, { state: 'former', heldBy: [], renewal: null }] })
  const until = Date.parse(renewed.secrets[1]?.until ?? '')
  await here.hma('sandbox advance 8d')
  await here.hma('apply --sandbox --yes --quiet')
  const later = await status()
  expect(later.secrets).toHaveLength(1)
  expect(until).toBeLessThan(Date.parse(renewed.secrets[0]?.expires ?? '') - 170 * 86_400_000)

  await here.hma('sandbox advance 400d')
  const over = await status()
  expect(over).toMatchObject({ code: 0, ok: false, certificate: { state: 'expired', outlook: 'expired' } })
  expect(kinds(over)).toEqual(['expired', 'expired'])
  expect((await status('--within 1d')).code).toBe(1)
})

test('a certificate that is renewed: both are trusted, and the former one has an end. The guide shows it', async () => {
  const here = await at(yaml({ create: false, tenants: 1, mailboxes: ['svc-d365@contoso.com'] }))
  await here.hma('apply --sandbox --yes --quiet')
  await here.hma('rotate certificate --sandbox --yes --quiet')
  const { certificate, trusted, ok, mailboxes } = only((await here.hma('status --sandbox --json')).stdout)
  expect(ok).toBe(true)
  expect(trusted.map(({ state }) => state).sort()).toEqual(['current', 'former'])
  expect(trusted.find(({ state }) => state === 'current')?.thumbprint).toBe(certificate?.thumbprint)
  expect(mailboxes).toMatchObject([{ address: 'svc-d365@contoso.com', state: 'works', incoming: 'success', error: null }])
  const { stdout } = await here.hma('status --sandbox')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  const page = await readFile(join(import.meta.dirname, '../../docs/guides/status.md'), 'utf8')
  expect(alike(page)).toContain(alike(`\`\`\`console\n$ hma status --sandbox\n${stdout}\`\`\`\n`))
})

/** Without the ids and days of one run. */
const alike = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}/gi, 'ID')
    .replace(/\d{4}-\d\d-\d\d/g, 'DATE')
    .replace(/ +\d+ d /g, ' DAYS ')
    .replace(/in \d+ days/, 'in DAYS')

describe('a custom cloud, with one failure after another', () => {
  let here: Lab
  beforeAll(async () => {
    here = await lab({ create: false })
  })
  afterAll(() => here.leave())

  test('with only read rights, everything is reported and nothing is written', async () => {
    const { code, stdout, stderr } = await here.hma('status --json --within 14d', 'reader')
    expect([code, stderr, only(stdout).ok]).toEqual([0, '', true])
    const asked = here.sandbox.log.filter(({ service }) => service !== 'login')
    expect(asked.length).toBeGreaterThan(5)
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('a deployment that cannot be read does not stop the others', async () => {
    const other = yaml({ name: 'fabrikam', create: false, dynamics: false, tenants: 1 })
    const nobody = `auth:\n  ${ids.vaultTenant}: {credential: clientSecret, clientId: ${ids.subscription}, clientSecret: no}\n`
    const { authorityHost, resourceManager, graph, keyVaultSuffix } = here.sandbox.endpoints
    const hosts = { authorityHost, resourceManager, graph, keyVaultSuffix }
    const cloud = `cloud: ${JSON.stringify({ name: 'lab', ...hosts, caFile: 'ca.pem' })}`
    const { code, stdout } = await here.hma('status --json', 'owner', `---\n${other}\n${cloud}\n${nobody}`)
    const statuses: Record<string, Status> = JSON.parse(stdout)
    expect([code, statuses.contoso?.ok, statuses.fabrikam?.ok]).toEqual([1, true, false])
    expect(statuses.fabrikam?.problems).toMatchObject([{ kind: 'unreadable', message: expect.stringContaining('AADSTS') }])
  })

  test('unreadable parts are reported with the missing right, and the rest is shown', async () => {
    removeRights(here)
    const { code, stdout } = await here.hma('status --json', 'reader')
    const status = only(stdout)
    expect(code).toBe(1)
    expect(status).toMatchObject({
      ok: false,
      certificate: null,
      trusted: [{ state: 'trusted' }],
      secrets: [{ state: 'unknown' }],
    })
    expect(kinds(status)).toEqual(['unreadable', 'unreadable'])
    expect(status.unread).toEqual(expect.arrayContaining(['contoso/certificate', 'contoso/emailServerProfile']))
    const [vault, dynamics] = status.problems
    expect([vault?.what, vault?.hint]).toEqual([
      'certificate in the vault',
      expect.stringMatching(/Key Vault (Reader|Certificate)/),
    ])
    expect(dynamics?.what).toBe('holders of the secrets of KV-App, profile in Dynamics')
    const text = (await here.hma('status', 'reader')).stdout
    expect(text).toContain('  ! certificate in the vault: could not be read.')
    expect(text).toContain('  Not compared with the configuration: could not read contoso/')
    expect(text).toMatch(/secret of KV-App {4}[0-9a-f]{8} .* valid\n/)
  })

  test('a secret that is not valid yet is broken', async () => {
    const tenants = Object.values(here.sandbox.world.directory.tenants)
    const secrets = tenants.flatMap(({ applications }) =>
      Object.values(applications).flatMap((one) => (one.uniqueName === 'hma-contoso-kv-app' ? one.passwordCredentials : [])),
    )
    for (const one of secrets) one.startDateTime = new Date(Date.now() + 86_400_000).toISOString()
    const status = only((await here.hma('status --json', 'owner')).stdout)
    expect(status.problems).toMatchObject([{ kind: 'broken', message: expect.stringMatching(/^it is valid from .* only/) }])
  })

  test('an untrusted certificate and an unknown secret are reported as broken', async () => {
    const tenants = Object.values(here.sandbox.world.directory.tenants)
    for (const one of tenants.flatMap(({ applications }) => Object.values(applications)))
      if (one.tags.includes('hma:contoso')) Object.assign(one, { keyCredentials: [], passwordCredentials: [] })
    const { code, stdout } = await here.hma('status --json', 'owner')
    const status = only(stdout)
    expect([code, status.certificate?.state, kinds(status)]).toEqual([0, 'not trusted', ['broken', 'broken']])
    expect((await here.hma('status --within 1d', 'owner')).code).toBe(1)
    expect((await here.hma('status', 'owner')).stdout).toContain('not trusted!')
  })
})

/** The reader has access to neither the vault nor Dynamics. */
function removeRights({ sandbox: { world, principals } }: Lab): void {
  const reader = principals.find(({ rights }) => rights === 'reader')
  const known = Object.values(world.directory.tenants).flatMap(({ servicePrincipals }) => Object.values(servicePrincipals))
  const objectId = known.find(({ appId }) => appId === reader?.clientId)?.id
  const ofVault: readonly string[] = [roleIds.keyVaultReader, roleIds.keyVaultSecretsUser]
  const { resources, dataverse } = world
  resources.roleAssignments = resources.roleAssignments.filter(
    ({ principalId, roleId }) => principalId !== objectId || !ofVault.includes(roleId),
  )
  for (const { tables } of dataverse.organizations)
    for (const [id, { cells }] of Object.entries(tables.systemuser))
      if (cells.applicationid === reader?.clientId.toLowerCase()) delete tables.systemuser[id]
}

test('shows a request that waits for the CA until it is answered', async () => {
  const here = await at(
    yaml({ create: false, tenants: 1, dynamics: false, certificate: ['source: csr', 'signedFile: ./hma.cer'] }),
  )
  await here.hma('apply --sandbox --yes --quiet')
  const waiting = only((await here.hma('status --sandbox --json')).stdout)
  expect(waiting).toMatchObject({ certificate: null, dynamics: null, secrets: [{ heldBy: ['vault'] }] })
  expect(waiting.problems).toMatchObject([
    { kind: 'missing', what: 'certificate HMA-Cert', hint: expect.stringContaining('hma csr') },
  ])
  const ca = await company()
  const request = (await here.hma('csr --sandbox')).stdout
  await here.write('hma.cer', (await ca.sign(request, { from: new Date(Date.now() - 60_000), days: 365 })).leaf)
  await here.hma('apply --sandbox --yes --quiet')
  expect((await here.hma('status --sandbox --within 14d')).stdout).toContain('your CA must sign a new one from')
})

test('an invalid duration is refused before any request', async () => {
  const here = await at(yaml())
  const { code, stderr } = await here.hma('status --sandbox --within soon')
  expect(code).toBe(1)
  expect(stderr).toContain('"soon" is not a duration')
})
