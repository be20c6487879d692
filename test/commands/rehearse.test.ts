import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import type { DeploymentReport } from '../../src/rehearsal/report.ts'
import { reportSchema, snapshotSchema } from '../../src/rehearsal/schemas.ts'
import { unplayed } from '../../src/rehearsal/unplayed.ts'
import { rehearsalText } from '../../src/views/rehearsal/text.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { leaked } from '../support/rehearsal.ts'

let place: Workplace | undefined
afterEach(async () => {
  await place?.leave()
  place = undefined
})

const configuration = yaml({ create: 'rbac', copy: true, mailboxes: ['a@contoso.com'] })

/** `npm run schema` updates them. */
test('the published schemas are those in the code', async () => {
  const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`
  await expect(text(reportSchema)).toMatchFileSnapshot('../../schemas/hma-rehearsal-report.schema.json')
  await expect(text(snapshotSchema)).toMatchFileSnapshot('../../schemas/hma-rehearsal-copy.schema.json')
})

/** JSON with another value at a place; `-` is behind the last of a list. */
function edited(value: unknown, [name, ...rest]: readonly string[], given: unknown): unknown {
  if (name === undefined) return given
  if (!Array.isArray(value)) return { ...Object(value), [name]: edited(Object(value)[name], rest, given) }
  if (name === '-') return [...value, given]
  return value.map((item, index) => (String(index) === name ? edited(item, rest, given) : item))
}

const faultsBy = (schema: object, value: unknown) => {
  const accepts = new Ajv({ strict: false }).compile(schema)
  accepts(value)
  return accepts.errors
}

describe('what is sent and stored', () => {
  test('GET requests and sign-ins, and nothing else', async () => {
    place = await workplace(configuration)
    const { stderr } = await place.hma('rehearse --sandbox -v --schedules 0')
    const asked = [...stderr.matchAll(/^\S*\s*(GET|POST|PUT|PATCH|DELETE) (\S+)/gm)].map(([, method, url]) => ({ method, url }))
    expect(asked.length).toBeGreaterThan(10)
    const others = asked.filter(({ method, url }) => method !== 'GET' && !url?.includes('/oauth2/'))
    expect(others).toEqual([])
    expect((await place.hma('plan --sandbox --json')).stdout).toContain('"create": 11')
  })

  test('a copy holds no secret, and one that was edited or is of another version is refused', async () => {
    place = await workplace(configuration)
    await place.hma('apply --yes --sandbox -q')
    await place.hma('rehearse --sandbox --schedules 0 --save copy.json')
    const text = await readFile(join(place.directory, 'copy.json'), 'utf8')
    expect(leaked(JSON.parse(await readFile(join(place.directory, '.hma/sandbox.json'), 'utf8')), text)).toEqual([])

    const copy = JSON.parse(text)
    const { applications } = copy.deployments[0].copy
    const owner = applications.findIndex(
      ({ body }: { body: { passwordCredentials: unknown[] } }) => body.passwordCredentials.length > 0,
    )
    const secret = `applications/${owner}/body/passwordCredentials/0`
    const changed = (place: string, given: unknown): string =>
      JSON.stringify(edited(copy, ['deployments', '0', 'copy', ...place.split('/')], given))
    for (const [content, said] of [
      [JSON.stringify({ ...copy, format: 'hma-rehearsal/9' }), 'format hma-rehearsal/9'],
      [JSON.stringify({ ...copy, deployments: [{ name: 'contoso' }] }), "/deployments/0 must have required property 'copy'"],
      [JSON.stringify({ ...copy, comment: 'mine' }), 'the document has "comment", which a copy does not have'],
      ['{', 'not JSON'],
      [changed('applications/-', applications[0]), `copy/applications/${applications.length} appears twice`],
      [changed(`${secret}/endDateTime`, '2001-01-01T00:00:00Z'), `${secret}/endDateTime is before startDateTime`],
      [changed('at', '2026-13-45T00:00:00Z'), '/deployments/0/copy/at is no time'],
      [changed('held/row', 'nothing'), '/held/row leads to nothing in the copy: nothing'],
      [changed('consents/0/body/principalId', 'x'), '/consents/0/body/principalId leads to nothing'],
      [changed('certificates/0/bundle/cer', 'AAAA'), 'bundle/cer is no certificate'],
      [changed('profiles/0/environmentUrl', 'x'), 'environmentUrl is no address'],
    ] as const) {
      await place.write('bad.json', content)
      const { code, stderr } = await place.hma('rehearse --from bad.json')
      expect([code, stderr]).toEqual([1, expect.stringContaining('HMA116')])
      expect(stderr.replace(/\s+/g, ' ')).toContain(said)
    }
    expect(faultsBy(snapshotSchema, copy)).toBeNull()
  })
})

describe('the report', () => {
  const short = '--schedules 0 --every 4w'

  test('matches its schema, lists the rights, and fails if the rehearsed plan differs', async () => {
    place = await workplace(configuration)
    const first = await place.hma(`rehearse --sandbox --json ${short} --save copy.json`)
    const report = JSON.parse(first.stdout)
    expect(faultsBy(reportSchema, report)).toBeNull()
    const [{ verdict, planCompared, rights, apply }] = report.deployments
    expect([first.code, verdict, planCompared]).toEqual([0, 'holds', true])
    const written = new Set(rights.flatMap(({ writes }: { writes: string[] }) => writes))
    const addresses: string[] = apply.changes.map(({ address }: { address: string }) => address)
    expect(addresses.filter((one) => !written.has(one))).toEqual(['contoso/mailboxes'])
    const officer = { right: 'Key Vault Certificates Officer', kind: 'role', at: 'resource group rg-mail', status: 'present' }
    expect(rights).toContainEqual({ ...officer, writes: ['contoso/certificateRequest', 'contoso/certificate'] })

    // The case in which the real plan differs and the identity has fewer rights.
    const copy = JSON.parse(await readFile(join(place.directory, 'copy.json'), 'utf8'))
    const [{ plan, ...deployment }] = copy.deployments
    for (const one of deployment.rights) if (one.right === officer.right) one.status = 'missing'
    const edited = { ...copy, deployments: [{ ...deployment, plan: plan.slice(1) }] }
    await place.write('other.json', JSON.stringify(edited))
    const other = await place.hma(`rehearse --from other.json ${short}`)
    expect(other.code).toBe(1)
    expect(other.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    const said = other.stdout.replace(/\s+/g, ' ')
    expect(said).toContain('contoso: the rehearsed change is not the one for the tenant')
    expect(said).toContain(`${plan[0].address}: nothing in the tenant, ${plan[0].action} (missing): `)
    expect(said).toContain(
      'you lack Key Vault Certificates Officer (role, resource group rg-mail): certificateRequest, certificate',
    )
  })
})

test('each restriction that the rehearsal does not play is an assumption, if it is in force', () => {
  const body = (isEnabled: boolean, field: string) => ({
    ...{ isEnabled, displayName: 'Strict' },
    [field]: {
      passwordCredentials: [{ restrictionType: 'passwordLifetime' }, { restrictionType: 'newRestriction', state: 'disabled' }],
      keyCredentials: [{ restrictionType: 'trustedCertificateAuthority', state: 'enabled' }],
    },
  })
  const tenantId = '1'
  const policies = [true, false].map((isEnabled) => ({ tenantId, body: body(isEnabled, 'applicationRestrictions') }))
  const assignedPolicies = [{ tenantId, applicationId: '2', body: body(true, 'restrictions') }]
  const restriction = 'has the restriction trustedCertificateAuthority, which the rehearsal does not play.'
  expect(unplayed({ policies, assignedPolicies })).toEqual([
    `The tenant's app management policy ${restriction}`,
    `The app management policy Strict ${restriction}`,
  ])
})

test('a deployment without a plan is not reported as matching', () => {
  const run = { at: '2026-01-01T00:00:00Z', changes: [], failures: [], waiting: [] }
  const year = { from: run.at, to: run.at, everyHours: 24, runs: [], outages: [], lives: [] }
  const report: DeploymentReport = {
    ...{ name: 'contoso', verdict: 'holds', planCompared: false, planDiffers: [], plan: [], person: [], rights: [] },
    ...{ apply: { ...run, broke: [] }, faults: { schedules: 0, at: run.at, broken: [] }, year, assumptions: [] },
  }
  const text = rehearsalText({ formatVersion: '1.0', hmaVersion: '1', takenAt: run.at, deployments: [report] })
  expect(text.replace(/\s+/g, ' ')).toContain('nothing to do; not compared, since no plan for the tenant could be made')
})
