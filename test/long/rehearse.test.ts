import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const minutes = 60_000
const hour = 3_600_000

let place: Workplace
afterEach(() => place.leave())

const configuration = yaml({ create: 'rbac', copy: true, mailboxes: ['a@contoso.com'] })

/** The report, as programs read it. */
const rehearsed = async (line: string) => {
  const { code, stdout, stderr } = await place.hma(`rehearse --sandbox --json ${line}`)
  const [deployment] = stdout === '' ? [] : JSON.parse(stdout).deployments
  return { code, deployment, stderr }
}

test(
  'a first apply: the same plan, no faults that matter, and a calendar that then comes true',
  async () => {
    place = await workplace(configuration)
    const { code, deployment } = await rehearsed('--schedules 3 --save copy.json --html page.html')
    expect([code, deployment.verdict, deployment.planDiffers]).toEqual([0, 'holds', []])
    expect(deployment.apply.changes).toHaveLength(12)
    expect([deployment.faults.broken, deployment.year.outages]).toEqual([[], []])
    const [first, second] = deployment.year.runs
    expect(first.changes).toHaveLength(12)
    expect(second.changes).toEqual([expect.objectContaining({ address: 'contoso/clientSecret', reason: 'expiring' })])
    expect(await readFile(join(place.directory, 'page.html'), 'utf8')).toContain('<svg')

    // A copy is enough: the same from the file. And nothing has been made where it was taken.
    const again = await rehearsed('--schedules 0 --from copy.json')
    expect([again.code, again.deployment.apply.changes]).toEqual([0, deployment.apply.changes])

    await place.hma('apply --yes --sandbox -q')
    const days = Math.round((Date.parse(second.at) - Date.parse(first.at)) / (24 * hour))
    await place.hma(`sandbox advance ${days - 1}d`)
    expect((await place.hma('plan --sandbox --detailed-exitcode -q')).code).toBe(0)
    await place.hma('sandbox advance 1d')
    const { changes } = JSON.parse((await place.hma('plan --sandbox --json')).stdout).deployments[0]
    const due = changes.filter(({ action }: { action: string }) => action !== 'none')
    expect(due.map(({ address, action, reason }: Record<string, string>) => ({ address, action, reason }))).toEqual(
      second.changes.map(({ address, action, reason }: Record<string, string>) => ({ address, action, reason })),
    )
  },
  5 * minutes,
)

test(
  'a vault whose certificate renews itself before hma may mend it: the outage is predicted, and comes',
  async () => {
    place = await workplace(configuration)
    await place.hma('apply --yes --sandbox -q')
    const file = join(place.directory, '.hma/sandbox.json')
    const world = JSON.parse(await readFile(file, 'utf8'))
    const certificate = world.vaults['kv-contoso-mail'].certificates['hma-cert']
    certificate.policy.issuer.name = 'Self'
    certificate.policy.lifetime_actions = [{ trigger: { lifetime_percentage: 20 }, action: { action_type: 'AutoRenew' } }]
    for (const version of certificate.versions) delete version.tags
    await writeFile(file, JSON.stringify(world))

    const { code, deployment } = await rehearsed('--schedules 0')
    const { nbf, exp } = certificate.versions[0].attributes
    const due = (nbf + (exp - nbf) * 0.2) * 1000
    expect([code, deployment.verdict, deployment.planDiffers]).toEqual([1, 'breaks', []])
    const [outage] = deployment.year.outages
    expect(outage.why).toContain('certificate')
    expect(Date.parse(outage.from) - due).toBeGreaterThanOrEqual(0)
    expect(Date.parse(outage.from) - due).toBeLessThanOrEqual(hour)
    expect(deployment.person.map(({ address }: { address: string }) => address)).toContain('contoso/certificate')

    // Later the secret expires, too, and cannot be renewed while the certificate is unmarked.
    expect(deployment.year.outages[1].why).toContain('secret')

    // Then it happens.
    const checks = async (): Promise<readonly { name: string; status: string }[]> =>
      JSON.parse((await place.hma('verify --sandbox --json')).stdout).contoso.checks
    const statuses = async () => (await checks()).filter(({ status }) => status === 'failed').length
    const hours = Math.floor((Date.parse(outage.from) - Date.parse(deployment.year.from)) / hour)
    await place.hma(`sandbox advance ${hours - 2}h`)
    expect(await statuses()).toBe(0)
    await place.hma('sandbox advance 4h')
    expect(await statuses()).toBeGreaterThan(0)
  },
  5 * minutes,
)

test(
  'a policy that forbids new secrets: the renewal that fails and the outage are predicted, and come',
  async () => {
    place = await workplace(configuration)
    await place.hma('apply --yes --sandbox -q')
    const file = join(place.directory, '.hma/sandbox.json')
    const world = JSON.parse(await readFile(file, 'utf8'))
    for (const tenant of Object.values<{ policy: object }>(world.directory.tenants))
      tenant.policy = { isEnabled: true, passwordAddition: true }
    await writeFile(file, JSON.stringify(world))

    const { code, deployment } = await rehearsed('--schedules 0')
    expect([code, deployment.verdict, deployment.planDiffers]).toEqual([1, 'breaks', []])
    const refused = deployment.year.runs.find(({ failures }: { failures: unknown[] }) => failures.length > 0)
    expect(refused.failures).toEqual([expect.objectContaining({ address: 'contoso/clientSecret' })])
    const [outage] = deployment.year.outages
    expect(outage.why).toContain('secret')

    // Then it happens: nothing to do until that day, a run that fails on it, and no sign-in after the predicted hour.
    const from = Date.parse(deployment.year.from)
    const days = Math.round((Date.parse(refused.at) - from) / (24 * hour))
    await place.hma(`sandbox advance ${days - 1}d`)
    expect((await place.hma('apply --yes --sandbox -q')).code).toBe(0)
    await place.hma('sandbox advance 1d')
    const { code: failed, stdout } = await place.hma('apply --yes --sandbox --json')
    expect([failed, stdout]).toEqual([1, expect.stringContaining('contoso/clientSecret')])
    const failures = async (): Promise<number> => {
      const { checks } = JSON.parse((await place.hma('verify --sandbox --json')).stdout).contoso
      return checks.filter(({ status }: { status: string }) => status === 'failed').length
    }
    await place.hma(`sandbox advance ${Math.floor((Date.parse(outage.from) - from) / hour) - days * 24 - 2}h`)
    expect(await failures()).toBe(0)
    await place.hma('sandbox advance 3h')
    expect(await failures()).toBeGreaterThan(0)
  },
  5 * minutes,
)
