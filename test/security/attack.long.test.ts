import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Received, type Reply, serve, type TestServer } from '../azure/server.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

/**
 * Hostile services, configurations and repositories, against the whole program over real HTTPS: `npm run attack` prints what leaked.
 * The collector is trusted by its certificate, so that nothing but hma itself keeps a secret from it.
 */
const secret = 'word of the lab & its "tenant"/+~7Qx'
const unrelatedValue = 'a thing of the environment that nobody named'
const token = `eyJhbGciOiJub25lIn0.${Buffer.from('{"oid":"caller"}').toString('base64url')}.signature-of-the-lab`

let here: Workplace
let cloud: TestServer
let collector: TestServer
let answer: (request: Received) => Reply | undefined
const table: [attack: string, gotOut: string][] = []

beforeEach(async () => {
  answer = () => undefined
  here = await workplace('')
  cloud = await serve((request) => answer(request) ?? ordinary(request))
  collector = await serve(() => ({
    status: 200,
    body: { access_token: token, expires_in: 3600, token_type: 'Bearer', value: [] },
  }))
  await writeFile(join(here.directory, 'ca.pem'), cloud.caPem)
  vi.stubEnv('HMA_LAB_SECRET', secret)
  vi.stubEnv('BYSTANDER', unrelatedValue)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})
afterAll(() => {
  const rows = table.map(([attack, gotOut]) => `  ${attack.padEnd(76)} ${gotOut}`)
  process.stdout.write(`\nWhat got out:\n${rows.join('\n')}\n`)
})

const host = (name: string, port = cloud.port): string => `${name}.lab.localhost:${port}`

function ordinary({ host: asked, method }: Received): Reply {
  if (!asked.startsWith('login.')) return { status: 404, body: { error: { code: 'NotFound', message: 'There is none.' } } }
  return method === 'GET'
    ? metadata(host('login'))
    : { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: token } }
}

const metadata = (at: string): Reply => ({
  status: 200,
  body: {
    issuer: `https://${host('login')}/11111111-1111-1111-1111-111111111111/v2.0`,
    authorization_endpoint: `https://${at}/authorize`,
    token_endpoint: `https://${at}/token`,
    jwks_uri: `https://${at}/keys`,
  },
})

const configuration = (text = yaml({ tenants: 1, copy: true })): string =>
  [
    text.replace('https://contoso.crm4.dynamics.com', `https://${host('contoso.crm4')}`),
    'cloud:',
    '  name: lab',
    `  authorityHost: https://${host('login')}`,
    `  resourceManager: https://${host('management')}`,
    `  graph: https://${host('graph')}`,
    `  keyVaultSuffix: ${host('vault')}`,
    '  caFile: ./ca.pem',
    `auth: { 11111111-1111-1111-1111-111111111111: { credential: clientSecret, clientId: 44444444-4444-4444-4444-444444444444, clientSecret: "$\{HMA_LAB_SECRET}" } }`,
  ].join('\n')

const forms = [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ a: secret }).toString().slice(2),
  JSON.stringify(secret).slice(1, -1),
]
const needles = [
  ...forms,
  Buffer.from(secret).toString('base64'),
  secret.slice(0, 12),
  'signature-of-the-lab',
  unrelatedValue,
  'as it was: *',
]

/** The secrets that a text reveals, and the commands in it for a build agent or a terminal. */
const leaked = (text: string): readonly string[] => [
  ...needles.filter((needle) => text.includes(needle)),
  ...(text.match(/##(?:vso|teamcity)?\[|^\s*::\S+::/gim) ?? []),
  ...(/(?!\n)\p{Cc}|\p{Cf}/u.test(text) ? ['a control character'] : []),
  ...(text.length > 200_000 ? [`${text.length} characters`] : []),
]

async function attack(name: string, lines: readonly string[]): Promise<void> {
  const out: string[] = []
  for (const line of lines) {
    const { stdout, stderr } = await here.hma(line)
    out.push(...leaked(stdout), ...leaked(stderr))
  }
  for (const { headers, body, path } of collector.received) out.push(...leaked(`${JSON.stringify(headers)} ${body} ${path}`))
  table.push([name, out.length === 0 ? 'nothing' : [...new Set(out)].join(', ')])
  expect(out).toEqual([])
}

const plans = ['plan', 'plan --json', 'plan --verbose']

test('the lab itself is asked, with its secret and its tokens', async () => {
  await here.write('hma.config.yaml', configuration())
  await here.hma('plan')
  const asked = JSON.stringify(cloud.received)
  expect([forms.some((form) => asked.includes(form)), asked.includes(token)]).toEqual([true, true])
})

const evil = (path = '/'): string => `https://${host('contoso.crm4', collector.port)}${path}`

const services: readonly (readonly [string, () => (request: Received) => Reply | undefined])[] = [
  [
    'an authority that names another token endpoint',
    () => (one) =>
      one.host.startsWith('login.') && one.method === 'GET' ? metadata(host('contoso.crm4', collector.port)) : undefined,
  ],
  ...['https', 'http'].map(
    (scheme) =>
      [
        `a Resource Manager that names another vault, over ${scheme}`,
        () => (one: Received) => (one.host.startsWith('management.') ? vaultAt(evil().replace('https', scheme)) : undefined),
      ] as const,
  ),
  [
    'lists that go on at another host',
    () => (one) =>
      one.host.startsWith('login.')
        ? undefined
        : { status: 200, body: { value: [], '@odata.nextLink': evil('/next'), nextLink: evil('/next') } },
  ],
  ...[301, 302, 307, 308].map(
    (status) =>
      [
        `redirects with status ${status}`,
        () => (one: Received) =>
          one.method === 'GET' && one.host.startsWith('login.') ? undefined : { status, headers: { location: evil() } },
      ] as const,
  ),
  [
    'challenges that name another authority',
    () => (one) =>
      one.host.startsWith('login.')
        ? undefined
        : {
            status: 401,
            headers: { 'www-authenticate': `Bearer authorization="${evil('/t')}", resource="${evil()}", claims="e30="` },
          },
  ],
  ['services that repeat what they were sent, in every form', () => echo],
  ['an authority that repeats the secret', () => (one) => (one.method === 'POST' ? echo(one) : undefined)],
  [
    'errors of two megabytes, with commands to build agents and terminals in them',
    () => (one) =>
      one.host.startsWith('login.') ? undefined : { status: 400, body: { error: { code: nasty, message: nasty } } },
  ],
  [
    'names that command build agents and terminals',
    () => (one) =>
      one.host.startsWith('graph.')
        ? { status: 200, body: { value: [{ id: 'a', appId: 'b', displayName: command, tags: [command] }] } }
        : undefined,
  ],
]

const command = 'x\r\n##vso[task.uploadfile]/etc/passwd\n::add-mask::x\n##[group]\u001b[2J\u009b31m\u202e'
const nasty = `${command}${'y'.repeat(2_000_000)}`

const vaultAt = (vaultUri: string): Reply => ({
  status: 200,
  body: {
    ...{ id: '/subscriptions/x', name: 'kv-contoso-mail', location: 'westeurope', tags: {} },
    properties: { tenantId: '11111111-1111-1111-1111-111111111111', sku: { family: 'A', name: 'standard' }, vaultUri },
  },
})

function echo({ headers, body, host: asked, method }: Received): Reply | undefined {
  if (asked.startsWith('login.') && method === 'GET') return undefined
  if (asked.startsWith('login.') && !body.includes('client_secret')) return undefined
  const said = [...forms, Buffer.from(`id:${secret}`).toString('base64'), secret.slice(0, 12), headers.authorization, body].join(
    ' ',
  )
  return { status: 400, body: { error: { code: 'Refused', message: said }, error_description: `AADSTS7000215: ${said}` } }
}

test.each(services)('%s', async (name, hostile) => {
  answer = hostile()
  await here.write('hma.config.yaml', configuration())
  await attack(name, [...plans, 'status'])
  expect(cloud.received.length).toBeGreaterThan(3)
})

test('a changed cloud, in a pipeline that allows others', async () => {
  vi.stubEnv('HMA_ALLOWED_CLOUDS', 'public usgov')
  await here.write('hma.config.yaml', configuration().replaceAll(String(cloud.port), String(collector.port)))
  await attack('a configuration that names a cloud of its own', [...plans, 'validate'])
  expect(collector.received).toEqual([])
})

test('a changed EWS address', async () => {
  const text = yaml({ tenants: 1, copy: true }).replace(
    'ewsUrl: https://mail.contoso.com',
    `resourceId: https://mail.contoso.com\n  ewsUrl: ${evil()}`,
  )
  await here.write('hma.config.yaml', configuration(text))
  await attack('an ewsUrl that is not the host of resourceId', ['verify', 'verify --json', 'apply --yes'])
  expect(collector.received).toEqual([])
})

test('variables of the environment', async () => {
  const text = configuration(yaml({ tenants: 1, copy: true, displayName: `"$\{BYSTANDER}"` }))
  await here.write('hma.config.yaml', text)
  await attack('a configuration that shows any variable', [...plans, 'plan --markdown', 'plan --html -', 'plan --out -'])
  vi.stubEnv('HMA_ALLOWED_VARIABLES', 'HMA_*')
  await attack('the same, in a pipeline that allows HMA_*', [...plans, 'apply --yes', 'validate'])
})

test('files in a repository', async () => {
  await mkdir(join(here.directory, 'deployments'))
  await writeFile(join(here.directory, 'kept'), 'as it was: *')
  await symlink('/proc/self/environ', join(here.directory, 'deployments', 'x.yaml'))
  await symlink('../kept', join(here.directory, 'deployments', 'y.yaml'))
  await attack('configurations that are links to other files', [
    'validate -f deployments',
    'validate -f deployments --json',
    'plan -f deployments',
  ])
  await here.write('hma.config.yaml', yaml({ tenants: 1 }))
  await mkdir(join(here.directory, '.hma'))
  await symlink('../kept', join(here.directory, '.hma', 'sandbox.json'))
  await attack('a .hma whose files are links', ['plan --sandbox', 'sandbox reset'])
  const text = yaml({ tenants: 1 }).replace('exchange:', 'exchange:\n  mailboxScope: { script: ../kept, filter: a }')
  await here.write('hma.config.yaml', text)
  await attack('a script outside of its folder', ['apply --sandbox --yes'])
  expect(await readFile(join(here.directory, 'kept'), 'utf8')).toBe('as it was: *')
})

test('text that controls a build agent', async () => {
  await here.write('hma.config.yaml', `${configuration()}\n"##vso[task.uploadfile]/tmp": "::add-mask::x"\n"::error::x": 1\n`)
  await attack('a configuration that commands a build agent', ['validate', 'validate --json', 'plan'])
})
