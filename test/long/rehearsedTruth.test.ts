import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { DeploymentReport } from '../../src/rehearsal/report.ts'
import type { Run } from '../../src/rehearsal/run.ts'
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

/** The runs come on the days that were foretold, with these changes; and on the day before each there is nothing to do. */
async function comeTrue(runs: readonly Run[], from: string): Promise<void> {
  let passed = 0
  for (const run of runs) {
    const days = Math.round((Date.parse(run.at) - Date.parse(from)) / day) - passed
    passed += days
    if (days > 1) {
      await place.hma(`sandbox advance ${days - 1}d`)
      expect(carriedOut(await planned())).toEqual([])
    }
    if (days > 0) await place.hma(`sandbox advance ${days > 1 ? 1 : days}d`)
    expect(carriedOut(await planned())).toEqual(run.changes.map(outline))
    expect([0, 3]).toContain((await place.hma('apply --yes --sandbox -q')).code)
  }
}

async function inPortal(change: (world: World) => void): Promise<void> {
  const path = join(place.directory, '.hma', 'sandbox.json')
  const world: World = JSON.parse(await readFile(path, 'utf8'))
  change(world)
  await writeFile(path, JSON.stringify(world))
}

const variant: Variant = { copy: true, mailboxes: ['a@contoso.com'] }

/** As if a person had made it all. */
function unmark({ directory, dataverse, vaults }: World): void {
  for (const { applications } of Object.values(directory.tenants))
    for (const application of Object.values(applications)) Object.assign(application, { tags: [], uniqueName: null })
  for (const { tables } of dataverse.organizations)
    for (const { cells } of Object.values(tables.emailserverprofile)) cells.description = 'made by hand'
  for (const { certificates, secrets } of Object.values(vaults))
    for (const { versions } of [...Object.values(certificates), ...Object.values(secrets)])
      for (const version of versions) version.tags = { made: 'by hand' }
}

test('taking over what was made in the portal: manual actions and what follows are predicted', timeout, async () => {
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
  await comeTrue(after.year.runs.slice(0, 3), after.year.from)
})

test('a copied environment, which brings the profile along: the same writes on the same days', timeout, async () => {
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
  await comeTrue(year.runs.slice(0, 2), year.from)
})
