import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { inspect } from 'node:util'
import type { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { company, pfx } from '../../packages/sandbox/test/support/companyCa.ts'
import { program } from '../../src/commands/commandLine/program.ts'
import { openDeployment, yaml } from '../support/deployment.ts'
import { type Said, type Workplace, workplace } from '../support/hma.ts'
import { type Leaks, leaks } from '../support/leaks.ts'
import { type Served, served } from '../support/servedSandbox.ts'
import { recorder } from '../views/recorder.ts'

const root = program({ version: '0', terminal: recorder(), run: async () => {} })

const flat = (command: Command, above = ''): readonly { name: string; command: Command }[] =>
  command.commands.flatMap((one) => {
    const name = `${above} ${one.name()}`.trim()
    return [{ name, command: one }, ...flat(one, name)]
  })

/** Passwords that the environment holds, each in the form of a sentence that occurs nowhere else. */
const environment = {
  HMA_PFX_PASSWORD: 'the word that opens the pfx',
  KV_TENANT_SECRET: 'the word of the tenant of the vault',
} as const

/** One deployment brings its certificate and keeps the client secret in Dynamics alone; the other one keeps a copy in the vault. */
const configuration = `${yaml({
  certificate: ['source: import', 'file: ./hma.pfx', `password: "$\{HMA_PFX_PASSWORD}"`],
  more: `auth: { 11111111-1111-1111-1111-111111111111: { credential: clientSecret, clientId: 44444444-4444-4444-4444-444444444444, clientSecret: "$\{KV_TENANT_SECRET}" } }`,
})}\n---\n${yaml({ name: 'fabrikam', dynamics: false })}`

const wrong = configuration
  .replace('resourceGroup: rg-mail', 'resourceGruop: rg-mail')
  .replace('HMA_PFX_PASSWORD', 'KV_TENANT_SECRET')

/** What each command is run with. A new command needs an entry here. */
const lines: Readonly<Record<string, readonly string[]>> = {
  schema: ['schema'],
  validate: ['validate', 'validate -f wrong.yaml'],
  graph: ['graph', 'graph --format dot'],
  plan: ['plan --sandbox', 'plan --sandbox --out plan.json', 'plan --sandbox -f wrong.yaml', 'plan --sandbox -f words.yaml'],
  show: ['show plan.json'],
  doctor: ['doctor --sandbox', 'doctor --sandbox --json'],
  rehearse: ['rehearse --sandbox --schedules 0 --every 26w --save copy.json'],
  apply: ['apply --sandbox --yes', 'apply --sandbox --yes plan.json', 'apply --sandbox', 'apply --sandbox --yes nowhere.json'],
  adopt: ['adopt --sandbox --yes', 'adopt --sandbox contoso/nothing'],
  output: ['output --sandbox', 'output --sandbox keyVaultClientSecret', 'output --sandbox nothing'],
  csr: ['csr --sandbox'],
  // Both sign in with the client secret and with the certificate's private key, as Dynamics does.
  verify: ['verify --sandbox'],
  status: ['status --sandbox'],
  import: ['import https://contoso.crm4.dynamics.com --sandbox'],
  init: [
    'init --yes',
    'init --yes --ews-url https://mail.contoso.com/EWS/Exchange.asmx --environment https://contoso.crm4.dynamics.com',
  ],
  help: ['help', 'help secrets', 'help nothing'],
  completion: ['completion bash', 'completion nothing'],
  complete: ['complete -- plan --only '],
  // None runs here; where one does, it tells the secrets of its principals, which are worth nothing elsewhere.
  'sandbox env': ['sandbox env', 'sandbox env --shell json'],
  'sandbox advance': ['sandbox advance 1d', 'sandbox advance soon'],
  rotate: ['rotate clientSecret --sandbox --yes', 'rotate certificate --sandbox --yes'],
  destroy: ['destroy --sandbox --yes'],
  'sandbox reset': ['sandbox reset'],
  // Serves until it is stopped, and tells its principals' secrets: a test of its own.
  sandbox: [],
}

let here: Workplace
let home: string
let known: Leaks
let heard: { line: string; said: Said }[]

beforeEach(async () => {
  here = await workplace(configuration)
  home = await mkdtemp(join(tmpdir(), 'hma-home-'))
  known = leaks()
  heard = []
  for (const [name, value] of Object.entries({ ...environment, HOME: home, TMPDIR: home })) vi.stubEnv(name, value)
  for (const [name, value] of Object.entries(environment)) known.know(name, value)
  await here.write('wrong.yaml', wrong)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all([here.leave(), rm(home, { recursive: true })])
})

const remember = async (): Promise<void> => {
  const world = await readFile(join(here.directory, '.hma', 'sandbox.json'), 'utf8').catch(() => undefined)
  if (world !== undefined) known.knowWorld(JSON.parse(world))
}

async function hma(line: string): Promise<Said> {
  const said = await here.hma(line.replace('plan.json', join(here.directory, 'plan.json')))
  heard.push({ line, said })
  await remember()
  return said
}

/** Lines that showed a secret, with the place and the secret's name. */
const told = (): readonly string[] =>
  heard.flatMap(({ line, said: { stdout, stderr } }) => [
    ...known.in(stdout).map((name) => `${line}: ${name} on stdout`),
    ...known.in(stderr).map((name) => `${line}: ${name} on stderr`),
  ])

const filesIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).flatMap((one) =>
    one.isFile() ? [join(one.parentPath, one.name)] : [],
  )

/** Every file that holds a secret, with its mode. The operator's own files are excluded. */
async function kept(): Promise<readonly string[]> {
  const files = [...(await filesIn(here.directory)), ...(await filesIn(home))].filter((file) => !file.endsWith('.pfx'))
  const found = await Promise.all(
    files.map(async (file) => {
      const [text, { mode }] = [await readFile(file, 'utf8'), await stat(file)]
      return known.in(text).length > 0 ? [`${file.slice(here.directory.length + 1)} ${(mode & 0o777).toString(8)}`] : []
    }),
  )
  return found.flat()
}

async function putPfx(): Promise<void> {
  const { leaf, privateKey } = await (await company()).make({ from: new Date(Date.now() - 86_400_000), days: 400 })
  const file = pfx(privateKey, leaf, environment.HMA_PFX_PASSWORD, 'aes256')
  known.knowKey('the key of the PFX', privateKey)
  await here.write('hma.pfx', file)
}

test('every command has an entry above', () => {
  const without = flat(root).filter(({ name }) => lines[name] === undefined)
  expect(without.map(({ name }) => name)).toEqual([])
})

/** The talkative forms with all lines; the others, which say less of the same, with one of each command. */
const forms: Readonly<Record<string, readonly string[]>> = {
  ...{ '--json --verbose': Object.values(lines).flat(), '--verbose': Object.values(lines).flat() },
  ...Object.fromEntries(['--json', '--quiet', ''].map((form) => [form, Object.values(lines).flatMap(([first]) => first ?? [])])),
}

test.each(Object.entries(forms))('no command tells a secret: "%s"', async (form, asked) => {
  await putPfx()
  await here.write('words.yaml', configuration.replace('HMA_PFX_PASSWORD', 'KV_TENANT_SECRET'))
  for (const line of asked) {
    await hma(`${line} ${form}`)
    expect(await kept()).toEqual(line.startsWith('sandbox reset') ? [] : expect.toBeOneOf([[], ['.hma/sandbox.json 600']]))
  }
  expect(known.count()).toBeGreaterThan(30)
  expect(heard.filter(({ said }) => said.code === 0).length).toBeGreaterThan(9)
  expect(told()).toEqual([])
})

describe('what hma writes', () => {
  test("a plan is its owner's alone; the sandbox keeps its own secrets in one file, which is nobody else's and not committed", async () => {
    await putPfx()
    await hma('apply --sandbox --yes')
    await hma('plan --sandbox --out plan.json')
    await hma('plan --sandbox --out plan.json')
    const mode = async (name: string): Promise<string> => ((await stat(join(here.directory, name))).mode & 0o777).toString(8)
    expect([await mode('plan.json'), await mode('.hma'), await mode('.hma/sandbox.json')]).toEqual(['600', '700', '600'])
    expect(await readFile(join(here.directory, '.hma', '.gitignore'), 'utf8')).toBe('*\n')
    expect(await kept()).toEqual(['.hma/sandbox.json 600'])
    expect(await filesIn(home)).toEqual([])
  })
})

describe('commands that print a secret on request', () => {
  test('output --reveal prints the client secret on stdout', async () => {
    await putPfx()
    await hma('apply --sandbox --yes --quiet')
    for (const form of ['', '--json', '--verbose', '--json --verbose']) {
      const { stdout, stderr, code } = await here.hma(`output --sandbox --only fabrikam --reveal ${form}`)
      const secret = /[\w.~-]{3}8Q~[\w.~-]{34}/.exec(stdout)?.[0] ?? ''
      expect([code, known.in(stdout).includes('the secret hma-kv-app-client-secret')]).toEqual([0, true])
      expect([known.in(stdout.replace(secret, '')), known.in(stderr)]).toEqual([[], []])
    }
    const { stdout, stderr } = await here.hma('output --sandbox --only contoso --reveal --verbose')
    expect(known.in(stdout + stderr)).toEqual([])
  })

  test('sandbox prints its principals, which are worthless anywhere else', async () => {
    const stop = new AbortController()
    const serving = here.hma('sandbox --verbose', stop.signal)
    const lock = join(here.directory, '.hma', 'sandbox.json.lock')
    await vi.waitUntil(
      () =>
        readFile(lock, 'utf8').then(
          (text) => !text.includes('"port":0'),
          () => false,
        ),
      { timeout: 20_000 },
    )
    await remember()
    stop.abort()
    const { stdout, stderr } = await serving
    const told = known
      .in(stdout)
      .filter((name) => !/^the secret of the principal|^what looks like a client secret$|^a client secret/.test(name))
    expect([told, known.in(stderr)]).toEqual([[], []])
  })
})

describe('failures, before and after a request was carried out', () => {
  let lab: Served
  beforeEach(async () => {
    await here.write('hma.config.yaml', yaml({ tenants: 1, copy: true }))
    lab = await served(here)
    vi.stubEnv('LAB_SECRET', lab.owner.clientSecret)
    await here.write('lab.yaml', lab.configuration())
    await remember()
  })
  afterEach(() => lab.stop())

  const services = ['login', 'management', 'graph', 'keyVault', 'dataverse'] as const
  const echo = (secret: string): string => {
    const message = `The header "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmVk" and the value '${secret}' are not taken.`
    return JSON.stringify({ error: { code: 'Refused', message }, error_description: `AADSTS7000215: ${message}` })
  }

  test.each(services.flatMap((service) => (['instead', 'after'] as const).map((when) => [service, when] as const)))(
    'of %s, %s, by a service that repeats what it was sent',
    async (service, when) => {
      const body = echo(lab.owner.clientSecret)
      for (const [method, line] of [
        ['GET', 'plan -f lab.yaml --verbose'],
        ['POST', 'apply -f lab.yaml --yes --verbose'],
        ['PATCH', 'apply -f lab.yaml --yes --json --verbose'],
        ['PUT', 'apply -f lab.yaml --yes --verbose'],
      ] as const) {
        await lab.fault({ service, method, times: 3, when, answer: { status: 400, body } })
        await hma(line)
      }
      await lab.fault()
      expect(heard.some(({ said }) => said.code === 1)).toBe(true)
      expect(told()).toEqual([])
    },
  )

  test('of the requests of verify and status', async () => {
    expect(await hma('apply -f lab.yaml --yes --quiet')).toMatchObject({ code: 0, stderr: '' })
    const lines = ['verify -f lab.yaml --verbose', 'verify -f lab.yaml --json', 'status -f lab.yaml --verbose']
    for (const [index, service] of ([...services, 'exchange'] as const).entries()) {
      const body = echo(lab.owner.clientSecret)
      await lab.fault({ service, skip: 1, times: 50, when: 'instead', answer: { status: 400, body } })
      await hma(lines[index % lines.length] ?? '')
    }
    await lab.fault()
    expect(heard.filter(({ said }) => said.code === 1).length).toBeGreaterThan(2)
    expect(told()).toEqual([])
  })

  test('of a sign-in with a wrong or invalid secret', async () => {
    for (const word of ['a word that is no secret of anybody', 'word\nof two lines', 'ωορδ']) {
      vi.stubEnv('LAB_SECRET', word)
      known.know('the wrong secret', word)
      for (const form of ['--verbose', '--json']) expect((await hma(`plan -f lab.yaml ${form}`)).code).toBe(1)
    }
    expect(told()).toEqual([])
  })
})

test('an error contains no secret at any depth', async () => {
  const here = await openDeployment({ copy: true })
  const errors: unknown[] = []
  try {
    for (const [service, method] of everyCall)
      for (const answer of ['drop', { status: 400, body: '{"error":{"code":"Refused","message":"No."}}' }] as const) {
        here.sandbox.faults.splice(0)
        here.sandbox.faults.push({ service, method, times: 40, when: 'after', answer })
        const process = await here.process()
        const { events } = await process.apply().catch((error: unknown) => ({ events: [{ type: 'failed' as const, error }] }))
        errors.push(...events.flatMap((event) => (event.type === 'failed' ? [event.error] : [])))
        known.knowWorld(here.sandbox.world)
      }
  } finally {
    await here.close()
  }
  const texts = errors.map((error) =>
    inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
  )
  expect(texts.length).toBeGreaterThan(8)
  expect(texts.flatMap((text) => known.in(text).map((name) => `${name}: ${text.slice(0, 300)}`))).toEqual([])
})

const everyCall = (['login', 'management', 'graph', 'keyVault', 'dataverse'] as const).flatMap((service) =>
  (service === 'login' ? ['POST'] : ['GET', 'POST', 'PATCH', 'PUT']).map((method) => [service, method] as const),
)

describe('the proxy with a password in its address', () => {
  const plan = `${yaml({ tenants: 1 })}\nauth: { 11111111-1111-1111-1111-111111111111: { credential: clientSecret, clientId: 44444444-4444-4444-4444-444444444444, clientSecret: "$\{KV_TENANT_SECRET}" } }`

  test.each([
    'http://hma:word-of-the-proxy@127.0.0.1:PORT',
    'http://hma:word-of-the-proxy@127.0.0.1:PORT:1',
    'hma:word-of-the-proxy@127.0.0.1:PORT',
  ])('%s', async (address) => {
    const proxy = createServer((_request, response) => response.writeHead(407).end())
    proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    vi.stubEnv('HTTPS_PROXY', address.replace('PORT', String(portOf(proxy.address()))))
    known.know('the password of the proxy', 'word-of-the-proxy')
    await here.write('plan.yaml', plan)
    for (const form of ['--verbose', '--json', '']) expect((await hma(`plan -f plan.yaml ${form}`)).code).toBe(1)
    expect(told()).toEqual([])
  })
})

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number =>
  typeof address === 'object' && address !== null ? address.port : 0

describe('the command line', () => {
  test('no option or argument takes a secret, because other programs on the machine could read it', () => {
    const words = [root, ...flat(root).map(({ command }) => command)].flatMap((command) => [
      ...command.options
        .filter(({ required, optional }) => required || optional)
        .map(({ long, description }) => `${long} ${description}`),
      ...command.registeredArguments.map((one) => one.name()),
    ])
    expect(words.length).toBeGreaterThan(5)
    // Takes yes or no: whether a copy is kept, and not the secret.
    const answered = words.filter((word) => !word.startsWith('--vault-copy '))
    expect(answered.filter((word) => /secret|password|passphrase|token|key\b|credential/i.test(word))).toEqual([])
  })

  test('hma starts no other program, and threads only for a rehearsal', async () => {
    const sources = (await filesIn(join(import.meta.dirname, '../../src'))).filter((file) => file.endsWith('.ts'))
    const texts = await Promise.all(sources.map(async (file) => ({ file, text: await readFile(file, 'utf8') })))
    const containing = (words: RegExp) => texts.filter(({ text }) => words.test(text)).map(({ file }) => basename(file))
    expect(containing(/child_process|node:cluster/)).toEqual([])
    expect(containing(/worker_threads/).sort()).toEqual(['rehearsalThread.ts', 'rehearsalThreads.ts'])
  })
})
