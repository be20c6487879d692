import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

/** Changes in a pull request: what they may name, which values of the environment they show, and what a plan guarantees. */
const reference = (name: string) => `"$\{${name}}"`

let here: Workplace
beforeEach(async () => {
  here = await workplace(yaml({ tenants: 1, copy: true }))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})

const lab = [
  'cloud:',
  '  name: public',
  '  authorityHost: https://login.evil.example',
  '  resourceManager: https://management.azure.com',
  '  graph: https://graph.microsoft.com',
  '  keyVaultSuffix: vault.azure.net',
].join('\n')

const codes = async (line: string): Promise<readonly string[]> => {
  const { stdout, stderr } = await here.hma(`${line} --json`)
  return [...new Set(`${stdout}${stderr}`.match(/HMA\d{3}/g))]
}

describe('HMA_ALLOWED_CLOUDS', () => {
  test.each([
    ['public', 'cloud: public', []],
    ['public', '', []],
    ['public', 'cloud: usgov', ['HMA117']],
    ['usgov, china', 'cloud: usgov', []],
    ['usgov', '', ['HMA117']],
    ['', '', ['HMA117']],
    ['public', lab, ['HMA117']],
    ['lab public usgov', lab, ['HMA117']],
    ['https://login.evil.example/', lab, []],
  ])('"%s" and %j', async (allowed, cloud, found) => {
    vi.stubEnv('HMA_ALLOWED_CLOUDS', allowed)
    await here.write('hma.config.yaml', yaml({ more: cloud }))
    expect(await codes('validate')).toEqual(found)
  })

  test('without a limit, everything is allowed, and a plan says so', async () => {
    const local = lab
      .replaceAll(/https:\/\/([\w.]+)/g, 'https://$1.localhost')
      .replace('vault.azure.net', 'vault.azure.localhost')
    await here.write('hma.config.yaml', yaml({ more: local }))
    expect(await codes('validate')).toEqual([])
    expect((await here.hma('plan --sandbox --json')).stdout).toContain('HMA_ALLOWED_CLOUDS')
    vi.stubEnv('HMA_ALLOWED_CLOUDS', 'https://login.evil.example.localhost')
    expect((await here.hma('plan --sandbox --json')).stdout).not.toContain('HMA_ALLOWED_CLOUDS')
  })
})

describe('HMA_ALLOWED_VARIABLES', () => {
  beforeEach(async () => {
    vi.stubEnv('HMA_NAME', 'KV of the environment')
    vi.stubEnv('OTHER_NAME', 'another thing of the environment')
  })

  test.each([
    ['HMA_*', 'HMA_NAME', []],
    ['HMA_*', 'OTHER_NAME', ['HMA117']],
    ['HMA_*', 'OTHER_NAME_THAT_IS_UNSET', ['HMA117']],
    ['HMA_NAME,OTHER_NAME', 'OTHER_NAME', []],
    ['', 'HMA_NAME', ['HMA117']],
    ['.*', 'HMA_NAME', ['HMA117']],
  ])('"%s" and %s', async (allowed, name, found) => {
    vi.stubEnv('HMA_ALLOWED_VARIABLES', allowed)
    await here.write('hma.config.yaml', yaml({ displayName: reference(name) }))
    expect(await codes('validate')).toEqual(found)
    const { stdout, stderr } = await here.hma('validate')
    expect(stdout + stderr).not.toContain('of the environment')
  })

  test('without a limit, a plan says so by name', async () => {
    await here.write('hma.config.yaml', yaml({ displayName: reference('OTHER_NAME') }))
    expect((await here.hma('plan --sandbox --json')).stdout).toMatch(/reads environment variables \(OTHER_NAME\)/)
  })
})

describe('a value from the environment is shown only by its name', () => {
  test('in a plan in every form, and in its file', async () => {
    vi.stubEnv('ANY_VARIABLE', 'words of the environment')
    await here.write('hma.config.yaml', yaml({ displayName: `"KV $\{ANY_VARIABLE}"`, tenants: 1 }))
    for (const form of ['', '--json', '--markdown', '--html plan.html', `--out ${here.directory}/plan.json`]) {
      const { code, stdout, stderr } = await here.hma(`plan --sandbox ${form}`)
      expect(code).toBe(0)
      expect(stdout + stderr).not.toContain('words of the environment')
      if (form === '--json') expect(stdout).toContain('KV «from ANY_VARIABLE»')
    }
    const { stdout } = await here.hma(`show ${here.directory}/plan.json --json`)
    expect(stdout).toContain('KV «from ANY_VARIABLE»')
    expect(stdout).not.toContain('words of the environment')
    const { readFile } = await import('node:fs/promises')
    expect(await readFile(`${here.directory}/plan.html`, 'utf8')).not.toContain('words of the environment')
  })

  test('in hosts, in ids, and in the header of a plan', async () => {
    vi.stubEnv('TENANT', 'ABCDEF01-1111-1111-1111-111111111111')
    vi.stubEnv('ENVIRONMENT', 'https://Hidden-Organization.crm4.dynamics.com')
    vi.stubEnv('NAME_OF_VAULT', 'kv-hidden-mail')
    const text = yaml({ tenants: 1 })
      .replaceAll('11111111-1111-1111-1111-111111111111', reference('TENANT'))
      .replace('https://contoso.crm4.dynamics.com', reference('ENVIRONMENT'))
      .replace('kv-contoso-mail', reference('NAME_OF_VAULT'))
    await here.write('hma.config.yaml', text)
    for (const form of ['', '--json', '--markdown', '--html -']) {
      const { code, stdout, stderr } = await here.hma(`plan --sandbox ${form}`)
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).not.toMatch(/hidden|abcdef01-1111/i)
    }
  })

  test('and a different value makes a different plan', async () => {
    vi.stubEnv('ANY_VARIABLE', 'one value')
    await here.write('hma.config.yaml', yaml({ displayName: reference('ANY_VARIABLE'), tenants: 1 }))
    const digest = async (): Promise<string> => JSON.parse((await here.hma('plan --sandbox --json')).stdout).digest
    const before = await digest()
    expect(await digest()).toBe(before)
    vi.stubEnv('ANY_VARIABLE', 'other value')
    expect(await digest()).not.toBe(before)
  })
})

const auth = (clientId: string) =>
  `auth: { 11111111-1111-1111-1111-111111111111: { credential: workloadIdentity, clientId: ${clientId} } }`

describe('a digest covers where, and as whom, hma writes', () => {
  const base = yaml({ tenants: 1 })
  const id = '44444444-4444-4444-4444-444444444444'
  test.each([
    ['auth', `${base}\n${auth(id)}`, `${base}\n${auth(id.replaceAll('4', '5'))}`],
    ['auth, where there was none', base, `${base}\n${auth(id)}`],
    ['the test mailbox', base, base.replace('svc-d365@', 'other@')],
    ['the tenant of Dynamics', base, base.replace('dynamics:', 'dynamics:\n  tenantId: 22222222-2222-2222-2222-222222222222')],
    ['preventRemoval', base, `${base}\nsafety: { preventRemoval: true }`],
    ['the cloud', base, `${base}\ncloud: usgov`],
  ])('%s', async (_name, one, other) => {
    const digest = async (text: string): Promise<string> => {
      await here.write('hma.config.yaml', text)
      await here.hma('sandbox reset')
      const { stdout, stderr } = await here.hma('plan --sandbox --json')
      expect(stderr).toBe('')
      return JSON.parse(stdout).digest
    }
    const before = await digest(one)
    expect(await digest(`# a comment\n${one}`)).toBe(before)
    expect(await digest(other)).not.toBe(before)
  })

  test('but not the client id of each run', async () => {
    await here.write('hma.config.yaml', `${base}\n${auth(reference('HMA_CLIENT_ID'))}`)
    const digest = async (): Promise<string> => JSON.parse((await here.hma('plan --sandbox --json')).stdout).digest
    vi.stubEnv('HMA_CLIENT_ID', id)
    const before = await digest()
    vi.stubEnv('HMA_CLIENT_ID', id.replaceAll('4', '5'))
    expect(await digest()).toBe(before)
  })

  test('the error names what has changed', async () => {
    const plan = `${here.directory}/plan.json`
    await here.hma(`plan --sandbox --out ${plan}`)
    await here.write('hma.config.yaml', `${yaml({ tenants: 1, copy: true })}\nsafety: { preventRemoval: true }`)
    const { code, stderr } = await here.hma(`apply --sandbox --yes ${plan}`)
    expect(code).toBe(1)
    expect(stderr.replace(/\s+/g, ' ')).toContain('contoso (safety)')
  })
})

test('a plan of the sandbox is refused for Azure, and the other way round', async () => {
  const plan = `${here.directory}/plan.json`
  await here.hma(`plan --sandbox --out ${plan}`)
  const { readFile } = await import('node:fs/promises')
  const made = JSON.parse(await readFile(plan, 'utf8'))
  expect(made.sandbox).toBe(true)
  const { code, stderr } = await here.hma(`apply --yes ${plan}`)
  expect([code, stderr]).toEqual([1, expect.stringContaining('This plan was made in the sandbox')])
  await here.write('plan.json', JSON.stringify({ ...made, sandbox: undefined }))
  expect((await here.hma(`apply --sandbox --yes ${plan}`)).stderr).toMatch(/HMA116/)
  expect((await here.hma(`apply --sandbox --yes --digest ${made.digest}`)).code).toBe(0)
})
