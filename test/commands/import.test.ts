import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { environment, portalMade, procedureByHand } from '../discovery/portalMade.ts'
import { lab } from '../support/customCloud.ts'
import { yaml } from '../support/deployment.ts'
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

  test('the configuration goes to stdout, what there is to say of it to stderr', async () => {
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

  test('--out writes the file, and not over another one', async () => {
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

  test('an address as the browser shows it will do', async () => {
    const { code, stdout } = await here.hma('import contoso.crm4.dynamics.com/main.aspx?appid=1 --sandbox')
    expect(code).toBe(0)
    expect(parse(stdout)).toMatchObject({ dynamics: { environmentUrl: environment } })
  })

  test('mistakes of the line are said before anybody is asked', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['import http://contoso.crm4.dynamics.com', 'no address of an environment'],
      ['import https://', 'no address of an environment'],
      [`${command} --tenant contoso.com`, 'no tenant id'],
      [`${command} --cloud moon`, 'Allowed choices are'],
      ['import', "Missing required argument 'environment-url'"],
    ]
    for (const [line, expected] of cases) {
      const { code, stderr } = await here.hma(line)
      expect({ line, code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(expected) })
    }
  })

  test('an environment that is not there, and a tenant that is another one', async () => {
    const nowhere = await here.hma('import https://fabrikam.crm4.dynamics.com --sandbox')
    expect(nowhere).toMatchObject({ code: 1, stdout: '' })
    expect(nowhere.stderr).toContain('cannot be reached')
    const wrong = await here.hma(`${command} --tenant 11111111-1111-1111-1111-111111111111`)
    expect(wrong.code).toBe(1)
    expect(wrong.stdout).toBe('')
  })

  test('a name that a configuration at hand has already is not given again', async () => {
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

  test('a file that was named and has mistakes is no help', async () => {
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

  test('profiles of other sorts are named', async () => {
    const profile = { incomingcredentialretrieval: 7, outgoingcredentialretrieval: 7 }
    here = await portalMade({ profileName: 'Exchange Online', profile })
    const { code, stderr, stdout } = await here.hma(command)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('There is: "Exchange Online" (OAuth with Entra ID)')
  })
})

test('a cloud of its own, and how to sign in there, come from the configuration at hand', async () => {
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
