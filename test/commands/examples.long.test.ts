import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { globSync } from 'tinyglobby'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { company } from '../../packages/sandbox/test/support/companyCa.ts'
import { modern } from '../../packages/sandbox/test/support/pfxOfTools.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const root = join(import.meta.dirname, '../..')
const folders = [...new Set(globSync('examples/*/{,deployments/}*.yaml', { cwd: root }).map(dirname))].sort()
const examples = ['hma.config.yaml', ...folders]
const id = '55555555-5555-5555-5555-555555555555'
const variables = {
  ...{ CONTOSO_TENANT_SECRET: 'one', LAB_CLIENT_SECRET: 'two', HMA_PFX_PASSWORD: 'brought' },
  ...{ HMA_PROVIDER_CLIENT_ID: id, HMA_CONTOSO_CLIENT_ID: id, HMA_FABRIKAM_CLIENT_ID: id },
}
let here: Workplace
beforeEach(async () => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  here = await workplace('')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})

/** Manual actions: a CA that has to sign, an administrator who has to consent. */
const waiting = new Map([
  ['examples/csr', /your CA must sign/],
  ['examples/existing-vault', /your CA must sign/],
  ['examples/gitops/deployments', /adminconsent\?client_id=/],
  ['examples/two-tenants', /adminconsent\?client_id=/],
])

/** The writes in the trace; requests for tokens are POSTs but do not count. */
const writes = (trace: string): readonly string[] =>
  trace.split('\n').filter((line) => /^(POST|PUT|PATCH|DELETE|MERGE) /.test(line) && !/\/oauth2\/v2\.0\/token\b/.test(line))

async function laidOut(example: string): Promise<void> {
  await mkdir(join(here.directory, 'example'))
  const inFolder = example.endsWith('.yaml') ? join('example', example) : 'example'
  await cp(join(root, example), join(here.directory, inFolder), { recursive: true })
  if (example === 'examples/import') await here.write('example/hma.pfx', modern)
}

test.each(examples)(
  '%s is applied on the sandbox, and a second time nothing is written',
  { timeout: 120_000 },
  async (example) => {
    await laidOut(example)
    const person = waiting.get(example)
    expect(await here.hma('validate -f example')).toMatchObject({ code: 0 })
    const first = await here.hma('apply --sandbox --yes --verbose -f example')
    expect(first, first.stdout + first.stderr).toMatchObject({
      code: person ? 3 : 0,
      stdout: expect.stringMatching(/^Applied: .*\d+ done/m),
    })
    expect(writes(first.stderr)).not.toEqual([])
    const second = await here.hma('apply --sandbox --yes --verbose -f example')
    expect(second, second.stdout + second.stderr).toMatchObject({ code: person ? 3 : 0 })
    expect(second.stderr).toMatch(/^GET /m)
    expect(writes(second.stderr)).toEqual([])
    expect(second.stdout).toMatch(person ?? /No changes/)
  },
)

const withCa = ['examples/csr', 'examples/existing-vault']

test.each(withCa)('%s: needs only the signed certificate from the CA', async (example) => {
  await laidOut(example)
  expect((await here.hma('apply --sandbox --yes -f example')).code).toBe(3)
  const { stdout } = await here.hma('csr --sandbox -f example')
  const ca = await company()
  await here.write('example/hma-cert.cer', (await ca.sign(stdout, { from: new Date(Date.now() - 60_000), days: 365 })).leaf)
  const applied = await here.hma('apply --sandbox --yes -f example')
  expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
  expect(await here.hma('plan --sandbox -f example')).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') })
})

/** The administrators of the tenants open the link and consent. */
async function consent(): Promise<void> {
  const path = join(here.directory, '.hma', 'sandbox.json')
  const world: World = JSON.parse(await readFile(path, 'utf8'))
  for (const { servicePrincipals, appRoleAssignments } of Object.values(world.directory.tenants)) {
    const all = Object.values(servicePrincipals)
    const exchange = all.find(({ appId }) => appId === '00000002-0000-0ff1-ce00-000000000000')
    for (const { id: principalId } of all.filter(({ displayName }) => displayName.startsWith('HMA-App'))) {
      const grant = { appRoleId: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40', principalId, resourceId: exchange?.id ?? '' }
      appRoleAssignments[`by-hand-${principalId}`] = {
        id: `by-hand-${principalId}`,
        createdDateTime: new Date().toISOString(),
        ...grant,
      }
    }
  }
  await writeFile(path, JSON.stringify(world))
}

test.each([...waiting.keys()].filter((name) => !withCa.includes(name)))(
  '%s: consent was all that it waited for',
  async (example) => {
    await laidOut(example)
    expect((await here.hma('apply --sandbox --yes -f example')).code).toBe(3)
    await consent()
    const applied = await here.hma('apply --sandbox --yes -f example')
    expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
    expect(await here.hma('plan --sandbox -f example')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No changes'),
    })
  },
)
