import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { ExchangeServer } from '../../packages/sandbox/src/exchange/state.ts'
import { evidenceSchema } from '../../src/proof/evidence/schema.ts'
import { oldestBuilds } from '../../src/proof/exchangeBuilds.ts'
import { type Spec, setupScript } from '../../src/resources/exchangeSetup.ts'
import { ids, openDeployment, type Variant, yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'
import { evoSts, ewsUrl, organization, server } from '../support/organizations.ts'
import type { Organization } from '../support/shell/organization.ts'
import { runScript } from '../support/shell/shell.ts'
import { type Verified, verified } from '../support/verify.ts'

const day = 86_400_000

/** `npm run schema` updates it. */
test('the published schema is the one in the code', async () => {
  const path = '../../schemas/hma-exchange-evidence.schema.json'
  await expect(`${JSON.stringify(evidenceSchema, null, 2)}\n`).toMatchFileSnapshot(path)
})

const script = (deployment = 'contoso', more: Pick<Spec, 'scope'> = {}): string =>
  setupScript({
    ...more,
    ...{ path: 'exchange-setup.ps1', deployment, ewsUrl, tenantId: ids.exchangeTenant, minimums: oldestBuilds },
    signInHosts: ['login.microsoftonline.com', 'login.windows.net'],
  }) ?? ''

/** What the script writes for an organization. */
async function written(org: Organization, { apply = false, daysAgo = 0, text = script() } = {}): Promise<string> {
  const call = { parameters: apply ? { Apply: true } : {}, now: new Date(Date.now() - daysAgo * day - 60_000) }
  const { files } = await runScript(text, org, call)
  const [content] = files.values()
  if (content === undefined) throw new Error('no evidence')
  return content
}

test('the output of the script matches the schema and contains nothing else', async () => {
  const evidence = JSON.parse(await written(organization({ mailboxes: ['Anna Example'] })))
  const accepts = new Ajv({ strict: false }).compile(evidenceSchema)
  expect([accepts(evidence), accepts.errors]).toEqual([true, null])
  expect(Object.keys(evidence).sort()).toEqual(Object.keys(evidenceSchema.properties).sort())
  expect(JSON.stringify(evidence)).not.toMatch(/Anna|A1"|password|secret/i)
})

const variant: Variant = { copy: true, create: 'rbac' }
let folder: string
let applied: World

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hma-evidence-'))
  const first = await openDeployment(variant)
  await first.apply()
  applied = structuredClone(first.sandbox.world)
  await first.close()
})
afterAll(() => rm(folder, { recursive: true }))

/** What the front of an organization answers, as far as its settings decide it. */
function shown(org: Organization, answering = 0): Partial<ExchangeServer> {
  const front = org.servers[answering] ?? server()
  const [entra] = org.authServers.filter((one) => one.isDefault && one.enabled && one.type === 'AzureAD')
  return {
    hmaEnabled: org.clientProfile && entra !== undefined && entra.endpoint !== '',
    oauthEnabled: front.oauth,
    trustedTenantId: entra?.realm ?? ids.exchangeTenant,
    ...{ serverName: front.name, build: front.installed?.split('.').map(Number).join('.') ?? front.build },
  }
}

/** `hma verify` with that evidence, while Exchange answers like that. */
async function seen(evidence: string | undefined, answers: Partial<ExchangeServer> = {}): Promise<Verified> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.json`)
  if (evidence !== undefined) await writeFile(file, evidence)
  const it = await openDeployment(variant, {}, structuredClone(applied))
  try {
    Object.assign(it.sandbox.world.exchange.servers[0] ?? {}, { build: '15.2.2562.56' }, answers)
    return await verified(it.sandbox, yaml({ ...variant, exchange: [`evidence: ${file}`] }), 'reader')
  } finally {
    await it.close()
  }
}

const check = ({ checks }: Verified, name: string) => checks.find((one) => one.name === name)
const troubled = ({ checks }: Verified) =>
  checks.flatMap(({ name, status }) => (status === 'passed' ? [] : [`${name} ${status}`]))

test('for an organization in order, every check passes and names the servers and the age', async () => {
  const found = await seen(await written(organization(), { daysAgo: 3 }), { serverName: 'EX01' })
  expect([troubled(found), found.code]).toEqual([[], 0])
  expect(check(found, 'evidence')?.detail).toMatch(/\(3 days old\), taken on EX01; servers: EX01 15\.2\.2562\.56\.$/)
  expect(check(found, 'evidenceOutside')?.detail).toContain('answered by EX01')
})

/** Exchange broken at each point that the script repairs. */
const broken: readonly (readonly [string, () => Organization])[] = [
  ['OAuth on the EWS virtual directory', () => organization({ servers: [server({ oauth: false })] })],
  ['the AuthServer, disabled', () => organization({ authServers: [evoSts({ enabled: false, isDefault: false })] })],
  ['the default authorization endpoint', () => organization({ authServers: [evoSts({ isDefault: false, domainNames: [] })] })],
  ['its metadata', () => organization({ authServers: [evoSts({ endpoint: '' })] })],
  ['OAuth2ClientProfileEnabled', () => organization({ clientProfile: false })],
  [
    'all of it',
    () =>
      organization({
        ...{ clientProfile: false, servers: [server({ oauth: false, externalUrl: '' })] },
        authServers: [evoSts({ enabled: false, isDefault: false, domainNames: [] })],
      }),
  ],
]

describe.each(broken)('%s', (_what, org) => {
  test('broken: verify fails, and the evidence says where; repaired by the script: verify passes', async () => {
    const exchange = org()
    const before = await seen(await written(exchange), shown(exchange))
    expect(troubled(before)).toContain('challenge failed')
    expect(troubled(before)).toContain('evidenceSettings failed')
    expect(check(before, 'evidenceSettings')?.hint).toContain('-Apply')
    const after = await seen(await written(exchange, { apply: true }), shown(exchange))
    expect([troubled(after), after.code]).toEqual([[], 0])
  })
})

test('deployments may share the evidence of one Exchange; a mailbox scope belongs to one of them', async () => {
  const scope = { scopeName: 'hma-fabrikam-mailboxes', assignmentName: 'hma-fabrikam-impersonation' }
  const found = await seen(await written(organization(), { text: script('fabrikam', { scope }) }), { serverName: 'EX01' })
  expect([troubled(found), found.code]).toEqual([[], 0])
  const own = await seen(await written(organization(), { text: script('contoso', { scope }) }), { serverName: 'EX01' })
  expect(troubled(own)).toEqual(['evidenceSettings warning'])
  expect(check(own, 'evidenceSettings')?.detail).toContain('hma-fabrikam-mailboxes')
})

test('an unreadable server, and one without a build, prove nothing', async () => {
  const servers = [server(), server({ name: 'EX02', online: false }), { ...server({ name: 'EX03', build: '' }), installed: '' }]
  const found = await seen(await written(organization({ servers })), { serverName: 'EX01' })
  expect(troubled(found)).toEqual(['evidenceServers warning', 'evidenceSettings warning'])
  expect(check(found, 'evidenceServers')?.detail).toMatch(/^EX03: /)
  expect(check(found, 'evidenceSettings')?.detail).toMatch(/^EX02: the EWS virtual directory cannot be read/)
})

describe('behind a load balancer', () => {
  test('one server without OAuth is found although another one answered', async () => {
    const org = organization({ servers: [server(), server({ name: 'EX02', oauth: false })] })
    const found = await seen(await written(org), shown(org))
    expect(troubled(found)).toEqual(['evidenceSettings failed'])
    expect(check(found, 'evidenceSettings')?.detail).toBe('EX02: OAuth is off for EWS.')
  })

  test('one outdated server is found, with its build', async () => {
    const org = organization({ servers: [server(), server({ name: 'EX02', build: '15.2.221.12', installed: '15.02.0221.012' })] })
    const found = await seen(await written(org), shown(org))
    expect(troubled(found)).toEqual(['evidenceServers failed'])
    expect(check(found, 'evidenceServers')?.detail).toMatch(/^EX02: Exchange Server 2019 with build 15\.2\.221\.12 is too old/)
  })

  test('missing security updates are a warning, unless only the cumulative update is known', async () => {
    const { installed: _, ...unasked } = server({ name: 'EX03' })
    const old = await seen(await written(organization({ servers: [server({ installed: '15.02.2562.017' }), unasked] })), {
      serverName: 'EX01',
    })
    expect(troubled(old)).toEqual(['evidenceServers warning'])
    expect(check(old, 'evidenceServers')?.detail).toMatch(/^EX01: .*lacks the security updates/)
    expect(check(old, 'evidenceServers')?.detail).not.toContain('EX03')
  })

  test('a server that the evidence does not list, and a build that it does not know', async () => {
    const found = await seen(await written(organization()), { serverName: 'EX09', build: '15.2.1748.55' })
    expect(check(found, 'evidenceOutside')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(
        /The server EX09 answered, which the evidence does not list\. Build 15\.2\.1748\.55 answered/,
      ),
    })
  })

  test('correct inside, off outside: a warning', async () => {
    const found = await seen(await written(organization()), { serverName: 'EX01', hmaEnabled: false })
    expect(check(found, 'evidenceOutside')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('from outside it is off'),
    })
  })

  test('off in the evidence, on outside: a setting turned on since then is not a failure', async () => {
    const found = await seen(await written(organization({ clientProfile: false })), { serverName: 'EX01' })
    expect(troubled(found)).toEqual(['evidenceSettings warning', 'evidenceOutside warning'])
    expect(found.code).toBe(0)
  })
})

describe('unusable evidence is reported as such', () => {
  const later = 'Skipped, because evidence failed.'
  const edited = (from: string | RegExp, to: string) => async () => (await written(organization())).replace(from, to)
  const cases: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
    ['truncated', async () => (await written(organization())).slice(0, 700), /is cut off: its end is missing/],
    [
      'truncated, and closed again',
      async () => `${(await written(organization())).slice(0, 400).replace(/,[^,]*$/, '')}}`,
      /was changed after the script wrote it/,
    ],
    ['edited', edited('"oauth": true', '"oauth": false'), /was changed after the script wrote it/],
    ['without a digest', edited(/,\s*"digest": "[^"]*"/, ''), /was changed after the script wrote it/],
    ['something else', async () => '{"name": "contoso"}', /was not written by the script of exchange\.setup/],
    ['a page', async () => '<html></html>', /is not JSON/],
    [
      'of a later format',
      edited('evidence/1', 'evidence/2'),
      /has the format hma-exchange-evidence\/2, which this version of hma cannot read/,
    ],
    [
      'of another tenant',
      () => written(organization(), { text: script().replaceAll(ids.exchangeTenant, ids.vaultTenant) }),
      /is about tenant 11111111-/,
    ],
    [
      'of another host',
      () => written(organization(), { text: script().replaceAll('mail.contoso.com', 'mail.fabrikam.com') }),
      /is about https:\/\/mail\.fabrikam\.com/,
    ],
    [
      'of another organization',
      () =>
        written(organization({ servers: [server({ externalUrl: 'https://mail.lab.test/EWS/Exchange.asmx' })], authServers: [] })),
      /comes from another Exchange organization: no server in it publishes mail\.contoso\.com/,
    ],
  ]
  test.each(cases)('%s', async (_what, make, message) => {
    const found = await seen(await make())
    expect(check(found, 'evidence')).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(message),
      hint: expect.any(String),
    })
    expect(check(found, 'evidenceSettings')).toMatchObject({ status: 'skipped', detail: later })
    expect([troubled(found).filter((one) => one.endsWith('failed')), found.code]).toEqual([['evidence failed'], 1])
  })

  test('outdated evidence is a warning, and its findings no longer fail', async () => {
    const found = await seen(
      await written(organization({ servers: [server(), server({ name: 'EX02', oauth: false })] }), { daysAgo: 40 }),
      {
        serverName: 'EX01',
      },
    )
    expect(troubled(found)).toEqual(['evidence warning', 'evidenceSettings warning'])
    expect(check(found, 'evidence')?.detail).toMatch(/\(40 days old\).*may have changed since/)
  })

  test('dated in the future', async () => {
    expect(check(await seen(await written(organization(), { daysAgo: -2 })), 'evidence')).toMatchObject({
      status: 'warning',
      detail: /future/,
    })
  })

  test('missing evidence fails nothing', async () => {
    const found = await seen(undefined)
    expect(check(found, 'evidence')).toMatchObject({ status: 'skipped', detail: expect.stringContaining('does not exist') })
    expect(found.code).toBe(0)
  })

  test.each([
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['other blanks', (text: string) => JSON.stringify(JSON.parse(text))],
  ])('%s on the way are no change', async (_what, carry) => {
    expect(check(await seen(carry(await written(organization()))), 'evidence')?.status).toBe('passed')
  })
})

test('status shows the age of the evidence, and status and plan show what is wrong', async () => {
  const here = await workplace(yaml({ ...variant, exchange: ['evidence: ./evidence.json'] }))
  try {
    await here.write('evidence.json', await written(organization({ servers: [server({ oauth: false })] }), { daysAgo: 2 }))
    const { stdout } = await here.hma('status --sandbox --json')
    expect(JSON.parse(stdout).contoso.remarks).toMatchObject([
      { address: 'contoso/exchange', severity: 'info', text: expect.stringContaining('(2 days old)') },
      { severity: 'warning', text: 'EX01: OAuth is off for EWS.', hint: expect.stringContaining('-Apply') },
    ])
    expect((await here.hma('status --sandbox')).stdout).toContain('OAuth is off for EWS')
    const [planned] = JSON.parse((await here.hma('plan --sandbox --json')).stdout).deployments
    expect(planned.remarks).toContainEqual(expect.objectContaining({ text: 'EX01: OAuth is off for EWS.' }))
    expect(JSON.stringify(planned.remarks)).not.toContain('2 days old')
    await here.write('evidence.json', (await readFile(join(here.directory, 'evidence.json'), 'utf8')).slice(0, 500))
    expect(JSON.parse((await here.hma('status --sandbox --json')).stdout).contoso.remarks).toMatchObject([
      { severity: 'warning', text: expect.stringContaining('is cut off') },
    ])
  } finally {
    await here.leave()
  }
})
