import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { DeploymentReport } from '../../src/rehearsal/report.ts'
import type { RehearsedRun } from '../../src/rehearsal/run.ts'
import { copyEnvironment, copyUrl } from '../ownership/others.ts'
import { type Variant, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const day = 86_400_000
const timeout = { timeout: 10 * 60_000 }

let place: Workplace
afterEach(() => place.leave())

async function rehearsed(): Promise<DeploymentReport> {
  const { stdout, stderr } = await place.hma('rehearse --sandbox --json --schedules 0')
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout).deployments[0]
}

type Told = { readonly address: string; readonly action: string; readonly reason?: string }

const outline = ({ address, action, reason }: Told): Told => ({ address, action, ...(reason !== undefined && { reason }) })

/** What the tenant's own plan says now. */
async function planned(): Promise<readonly Told[]> {
  const { changes }: { changes: readonly Told[] } = JSON.parse((await place.hma('plan --sandbox --json')).stdout).deployments[0]
  return changes.filter(({ action }) => action !== 'none').map(outline)
}

const carriedOut = (told: readonly Told[]): readonly Told[] => told.filter(({ action }) => action !== 'manual')
const addresses = (told: readonly { readonly address: string }[]): readonly string[] => told.map(({ address }) => address).sort()

const worldFile = () => join(place.directory, '.hma', 'sandbox.json')
const worldNow = async (): Promise<World> => JSON.parse(await readFile(worldFile(), 'utf8'))

/** What an apply carried out. */
async function applied(): Promise<readonly string[]> {
  const { code, stdout } = await place.hma('apply --yes --sandbox --json')
  expect([0, 3]).toContain(code)
  const events: readonly { type: string; address: string }[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return addresses(events.filter(({ type }) => type === 'done'))
}

/** When the credentials of the registrations expire, to the day. The real clock also runs while hma works. */
async function expiries(): Promise<readonly string[]> {
  const { directory } = await worldNow()
  const own = new Set(directory.principals.map(({ clientId }) => clientId))
  return Object.values(directory.tenants)
    .flatMap(({ applications }) => Object.values(applications))
    .filter(({ appId, deletedDateTime }) => !own.has(appId) && deletedDateTime === null)
    .flatMap(({ displayName, keyCredentials, passwordCredentials }) => [
      ...keyCredentials.map(({ endDateTime }) => `certificate of ${displayName}: ${daysOf(endDateTime)}`),
      ...passwordCredentials.map(({ endDateTime }) => `secret of ${displayName}: ${daysOf(endDateTime)}`),
    ])
    .sort()
}

const daysOf = (instant: string): number => Math.round(Date.parse(instant) / day)

/** The credentials predicted to exist after a run. */
const predicted = ({ lives }: DeploymentReport['year'], at: string): readonly string[] =>
  lives
    .filter(({ from, to }) => Date.parse(from) < Date.parse(at) + day / 2 && Date.parse(to) > Date.parse(at) + day / 2)
    .map(({ sort, application, expires }) => `${sort} of ${application}: ${daysOf(expires)}`)
    .sort()

/**
 * The runs come on the predicted days, write what was predicted, and leave credentials with the predicted dates; two
 * days before each there is nothing to do. One day would be too few: the commands themselves take time.
 */
async function expectPredicted(year: DeploymentReport['year'], runs: readonly RehearsedRun[]): Promise<void> {
  let passed = 0
  for (const run of runs) {
    const days = Math.round((Date.parse(run.at) - Date.parse(year.from)) / day) - passed
    passed += days
    if (days > 2) {
      await place.hma(`sandbox advance ${days - 2}d`)
      expect(carriedOut(await planned())).toEqual([])
    }
    if (days > 0) await place.hma(`sandbox advance ${Math.min(days, 2)}d`)
    expect(carriedOut(await planned())).toEqual(run.changes.map(outline))
    expect(await applied()).toEqual(addresses(run.changes))
    expect(await expiries()).toEqual(predicted(year, run.at))
  }
}

async function inPortal(change: (world: World) => void): Promise<void> {
  const world = await worldNow()
  change(world)
  await writeFile(worldFile(), JSON.stringify(world))
}

const variant: Variant = { copy: true, mailboxes: ['a@contoso.com'] }

/** As if a person had created everything. */
function unmark({ directory, dataverse, vaults }: World): void {
  for (const { applications } of Object.values(directory.tenants))
    for (const application of Object.values(applications)) Object.assign(application, { tags: [], uniqueName: null })
  for (const { tables } of dataverse.organizations)
    for (const { cells } of Object.values(tables.emailserverprofile)) cells.description = 'made by hand'
  for (const { certificates, secrets } of Object.values(vaults))
    for (const { versions } of [...Object.values(certificates), ...Object.values(secrets)])
      for (const version of versions) version.tags = { made: 'by hand' }
}

test('a first apply: predicts every write of the next months and its time', timeout, async () => {
  place = await workplace(yaml(variant))
  const { verdict, planDiffers, year } = await rehearsed()
  expect([verdict, planDiffers, year.outages]).toEqual(['holds', [], []])
  expect(year.runs.length).toBeGreaterThan(4)
  await expectPredicted(year, year.runs.slice(0, 4))
})

test('taking over a setup made in the portal: predicts manual actions and what follows', timeout, async () => {
  place = await workplace(yaml(variant))
  expect((await place.hma('apply --yes --sandbox -q')).code).toBe(0)
  await inPortal(unmark)
  const { verdict, planDiffers, person, apply } = await rehearsed()
  expect([planDiffers, apply.failures]).toEqual([[], []])
  expect(['person', 'breaks']).toContain(verdict)
  const manual = (await planned()).filter(({ action }) => action === 'manual')
  expect(manual.length).toBeGreaterThan(0)
  expect(addresses(person)).toEqual(expect.arrayContaining([...addresses(manual)]))

  expect((await place.hma('adopt --sandbox --yes -q')).code).toBe(0)
  const after = await rehearsed()
  expect([after.verdict, after.planDiffers, after.year.outages]).toEqual(['holds', [], []])
  expect(after.year.runs.length).toBeGreaterThan(1)
  await expectPredicted(after.year, after.year.runs.slice(0, 3))
})

test('a copied environment with its profile: predicts the same writes on the same days', timeout, async () => {
  place = await workplace(yaml())
  expect((await place.hma('apply --yes --sandbox -q')).code).toBe(0)
  await inPortal((world) => void copyEnvironment(world))
  expect((await rehearsed()).plan).toEqual([])

  await place.write('hma.config.yaml', yaml({ environmentUrl: copyUrl }))
  const before = await rehearsed()
  expect(before.planDiffers).toEqual([])
  const manual = (await planned()).filter(({ action }) => action === 'manual')
  expect(manual.length).toBeGreaterThan(0)
  expect(addresses(before.person)).toEqual(expect.arrayContaining([...addresses(manual)]))

  expect((await place.hma('adopt --sandbox --yes -q')).code).toBe(0)
  const { planDiffers, plan, year } = await rehearsed()
  expect([planDiffers, plan.map(outline)]).toEqual([[], await planned()])
  await expectPredicted(year, year.runs.slice(0, 2))
})
