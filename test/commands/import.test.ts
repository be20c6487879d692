import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { environment, portalMade, procedureByHand } from '../discovery/portalMade.ts'
import { type Lab, lab } from '../support/customCloud.ts'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})

const file = (name: string): Promise<string> => readFile(join(here.directory, name), 'utf8')
const command = `import ${environment} --sandbox`

describe('of one profile', () => {
  beforeEach(async () => {
    here = await portalMade()
  })

  test('the configuration goes to stdout, the findings to stderr', async () => {
    const { code, stdout, stderr } = await here.hma(command)
    expect(code).toBe(0)
    expect(parse(stdout)).toMatchObject({ apiVersion: 'hma/v1', name: 'contoso', cloud: 'public' })
    expect(stderr).toContain('certificate.issuer: The vault renews')
    expect((await here.hma(`${command} --quiet`)).stderr).toBe('')
  })

  test('--json is one object, and nothing else', async () => {
    const { code, stdout, stderr } = await here.hma(`${command} --json`)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(Object.keys(JSON.parse(stdout))).toEqual(['configuration', 'notes'])
  })

  test('--out writes the file and overwrites no other', async () => {
    const first = await here.hma(`${command} --out contoso.yaml`)
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect(first.stderr.replaceAll('\n', ' ')).toContain('`hma validate -f contoso.yaml`')
    const written = await file('contoso.yaml')
    expect(parse(written)).toMatchObject({ name: 'contoso' })

    await writeFile(join(here.directory, 'contoso.yaml'), 'mine\n')
    const second = await here.hma(`${command} --out contoso.yaml`)
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('--force')
    expect(await file('contoso.yaml')).toBe('mine\n')

    expect((await here.hma(`${command} --out contoso.yaml --force`)).code).toBe(0)
    expect(await file('contoso.yaml')).toBe(written)
  })

  test('accepts an address as the browser shows it', async () => {
    const { code, stdout } = await here.hma('import contoso.crm4.dynamics.com/main.aspx?appid=1 --sandbox')
    expect(code).toBe(0)
    expect(parse(stdout)).toMatchObject({ dynamics: { environmentUrl: environment } })
  })

  test('mistakes in the command line are reported before any request', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['import http://contoso.crm4.dynamics.com', 'not the address of an environment'],
      ['import https://', 'not the address of an environment'],
      [`${command} --tenant contoso.com`, 'not a tenant id'],
      [`${command} --cloud moon`, 'Allowed choices are'],
      ['import', "Missing required argument 'environment-url'"],
    ]
    for (const [line, expected] of cases) {
      const { code, stderr } = await here.hma(line)
      expect({ line, code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(expected) })
    }
  })

  test('a missing environment, and a wrong tenant', async () => {
    const nowhere = await here.hma('import https://fabrikam.crm4.dynamics.com --sandbox')
    expect(nowhere).toMatchObject({ code: 1, stdout: '' })
    expect(nowhere.stderr).toContain('cannot be reached')
    const wrong = await here.hma(`${command} --tenant 11111111-1111-1111-1111-111111111111`)
    expect(wrong.code).toBe(1)
    expect(wrong.stdout).toBe('')
  })

  test('a name that an existing configuration uses is not used again', async () => {
    const other = yaml({ create: false }).replaceAll('contoso.crm4', 'fabrikam.crm4')
    await here.write('hma.config.yaml', other)
    const { code, stdout, stderr } = await here.hma(command)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^name: contoso-2 /m)
  })

  test('a configuration of this very profile keeps its name', async () => {
    const mine = yaml({ name: 'mail', create: false }).replace('Exchange on-premises (HMA)', 'Exchange on-premises')
    await here.write('mine.yaml', mine)
    const { stdout } = await here.hma(`${command} -f mine.yaml`)
    expect(stdout).toMatch(/^name: mail /m)
  })

  test('a named file with mistakes is an error', async () => {
    await here.write('mine.yaml', 'apiVersion: hma/v2\n')
    const { code, stderr } = await here.hma(`${command} -f mine.yaml`)
    expect(code).toBe(1)
    expect(stderr).toContain('mine.yaml:1')
  })

  test('nothing is written to Azure', async () => {
    const { stderr } = await here.hma(`${command} --verbose`)
    const methods = [...stderr.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (https:\/\/\S+)/g)]
    expect(methods.length).toBeGreaterThan(10)
    expect(methods.filter(([, method, url]) => method !== 'GET' && !url?.includes('/oauth2/v2.0/token'))).toEqual([])
  })
})

describe('of an environment with more or less than one', () => {
  test('several profiles: --profile chooses, by name or by id, and the name follows', async () => {
    here = await portalMade({ profileName: 'Sales "north"' }, async (sandbox) => {
      await procedureByHand(sandbox, { profileName: "O'Brien's", certificateExists: true })
    })
    const asked = await here.hma(command)
    expect(asked.code).toBe(1)
    expect(asked.stderr.replaceAll(/\s+/g, ' ')).toContain(`"O'Brien's", "Sales "north""`)
    expect(asked.stderr).toContain('--profile')
    const chosen = await here.hma(`${command} --profile O'Brien's`)
    expect(chosen.code, chosen.stderr).toBe(0)
    expect(parse(chosen.stdout)).toMatchObject({ name: 'contoso-o-brien-s', dynamics: { profile: { name: "O'Brien's" } } })
    const missing = await here.hma(`${command} --profile East`)
    expect(missing.code).toBe(1)
    expect(missing.stderr.replaceAll(/\s+/g, ' ')).toContain('There is no email server profile "East"')
  })

  test('profiles of other types are listed', async () => {
    const profile = { incomingcredentialretrieval: 7, outgoingcredentialretrieval: 7 }
    here = await portalMade({ profileName: 'Exchange Online', profile })
    const { code, stderr, stdout } = await here.hma(command)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('There is: "Exchange Online" (OAuth with Entra ID)')
  })
})

describe('with only a sign-in file', () => {
  let cloud: Lab
  beforeEach(async () => {
    cloud = await lab({ create: false })
    here = cloud.here
    await rm(join(here.directory, 'hma.config.yaml'))
    await mkdir(join(here.directory, 'deployments'))
    const me = cloud.sandbox.principals.find(({ rights }) => rights === 'reader')
    vi.stubEnv('TENANT_CLIENT', me?.clientId ?? '')
    vi.stubEnv('TENANT_SECRET', me?.clientSecret ?? '')
  })
  afterEach(() => cloud.sandbox.close())

  const entry = `credential: clientSecret, clientId: "\${TENANT_CLIENT}", clientSecret: "\${TENANT_SECRET}"`
  const other = '99999999-9999-9999-9999-999999999999'
  const signIn = (more = ''): string => `${cloud.cloud}auth:\n  ${ids.vaultTenant}: { ${entry} }\n${more}`

  test('a file with `auth` and `cloud` is enough, and both are carried over as they are written', async () => {
    await here.write('sign-in.yaml', signIn(`  ${other}: { credential: azureCli }\n`))
    const line = `import ${cloud.sandbox.endpoints.dataverse} -f sign-in.yaml --out deployments/mail.yaml`
    const { code, stderr } = await here.hma(line)
    expect(code, stderr).toBe(0)
    // The file that says how to sign in is none to plan or apply.
    expect(stderr).not.toContain('-f sign-in.yaml')
    const text = await file('deployments/mail.yaml')
    expect(text).not.toContain(process.env.TENANT_SECRET)
    const { auth, cloud: written } = parse(text)
    // Settings for other tenants are not copied.
    expect(auth).toEqual({
      [ids.vaultTenant]: {
        credential: 'clientSecret',
        clientId: `$\{TENANT_CLIENT}`,
        clientSecret: `$\{TENANT_SECRET}`,
      },
    })
    expect(written).toMatchObject({ name: 'lab', graph: cloud.sandbox.endpoints.graph, caFile: '../ca.pem' })
    const valid = await here.hma('validate -f deployments')
    expect(valid, valid.stdout).toMatchObject({ code: 0, stdout: '1 deployment in 1 file is valid.\n' })
    // And it signs in.
    const planned = await here.hma('plan -f deployments')
    expect(planned.code, planned.stderr).toBe(0)
  })

  test('the same as hma.config.yaml, and for `hma init`', async () => {
    await here.write('hma.config.yaml', signIn())
    const imported = await here.hma(`import ${cloud.sandbox.endpoints.dataverse} --json`)
    expect(imported.code, imported.stderr).toBe(0)
    expect(JSON.parse(imported.stdout).configuration.auth[ids.vaultTenant].clientSecret).toBe(`$\{TENANT_SECRET}`)
    const flags = `--ews-url mail.contoso.com --environment ${cloud.sandbox.endpoints.dataverse} --vault kv-contoso-mail`
    const begun = await here.hma(`init --yes --out deployments/new.yaml ${flags} --create-vault -`)
    expect(begun.code, begun.stderr).toBe(0)
    const text = await file('deployments/new.yaml')
    expect(parse(text)).toMatchObject({
      cloud: { name: 'lab', caFile: '../ca.pem' },
      auth: { [ids.vaultTenant]: { clientSecret: `$\{TENANT_SECRET}` } },
      // Found with that sign-in.
      keyVault: { subscriptionId: ids.subscription, resourceGroup: 'rg-mail' },
    })
    expect((await here.hma('validate -f deployments/new.yaml')).code).toBe(0)
  })

  test('a secret in plain text is not copied: a variable replaces it', async () => {
    const plain = signIn().replace(`$\{TENANT_SECRET}`, process.env.TENANT_SECRET ?? '')
    await here.write('sign-in.yaml', plain)
    const { code, stdout, stderr } = await here.hma(`import ${cloud.sandbox.endpoints.dataverse} -f sign-in.yaml`)
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain('-f sign-in.yaml')
    expect(stdout).not.toContain(process.env.TENANT_SECRET)
    expect(stdout).toMatch(/clientSecret: \$\{HMA_CLIENT_SECRET_11111111\} +# not copied from sign-in.yaml: set this variable/)
  })

  test('mistakes in it are reported, and keys of a deployment are not required', async () => {
    await here.write('sign-in.yaml', signIn().replace('credential: clientSecret', 'credential: secret'))
    const { code, stderr } = await here.hma(`import ${cloud.sandbox.endpoints.dataverse} -f sign-in.yaml`)
    expect(code).toBe(1)
    expect(stderr).toContain('must be one of')
    expect(stderr.match(/ error /g)).toHaveLength(1)
    // For a plan it is too little, as ever.
    expect((await here.hma('plan -f sign-in.yaml')).stderr).toContain('A deployment needs keyVault')
  })
})

test('a custom cloud and its sign-in come from the configuration at hand', async () => {
  here = await workplace('')
  const cloud = await lab({ create: false })
  try {
    const { code, stdout, stderr } = await cloud.hma(`import ${cloud.sandbox.endpoints.dataverse} --json`, 'reader')
    expect(code, stderr).toBe(0)
    const { configuration } = JSON.parse(stdout)
    expect(configuration.cloud).toMatchObject({ name: 'lab', graph: cloud.sandbox.endpoints.graph, caFile: './ca.pem' })
    expect(configuration).toMatchObject({ name: 'contoso', keyVault: { name: 'kv-contoso-mail', resourceGroup: 'rg-mail' } })
    expect(configuration.certificate).toMatchObject({ source: 'generate', issuer: 'hma' })
  } finally {
    await cloud.leave()
  }
})
