import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { Change } from '../../src/core/plan.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

/** The sandbox's world between two commands, for changes as in a portal. */
async function portal(place: Workplace, change: (world: World) => void): Promise<World> {
  const path = join(place.directory, '.hma', 'sandbox.json')
  const world: World = JSON.parse(await readFile(path, 'utf8'))
  change(world)
  await writeFile(path, JSON.stringify(world))
  return world
}

const applications = (world: World) => Object.values(world.directory.tenants).flatMap((one) => Object.values(one.applications))
const profiles = (world: World) => world.dataverse.organizations.flatMap((one) => Object.values(one.tables.emailserverprofile))
const versions = (world: World) =>
  Object.values(world.vaults).flatMap(({ certificates, secrets }) => [
    ...Object.values(certificates).flatMap((one) => one.versions),
    ...Object.values(secrets).flatMap((one) => one.versions),
  ])

/** As if a person had created everything. */
function unmark(world: World): void {
  for (const application of applications(world)) Object.assign(application, { tags: [], uniqueName: null })
  for (const { cells } of profiles(world)) cells.description = 'made by hand'
  for (const one of [...versions(world), ...world.resources.vaults]) one.tags = { made: 'by hand' }
}

let place: Workplace
beforeEach(async () => {
  place = await workplace(yaml({ copy: true }))
  expect((await place.hma('apply --sandbox --yes')).code).toBe(0)
  await portal(place, unmark)
})
afterEach(() => place.leave())

describe('hma adopt', () => {
  test('writes marks and changes nothing else', async () => {
    expect((await place.hma('plan --sandbox')).code).toBe(3)
    const before = await portal(place, () => {})
    const adopted = await place.hma('adopt --sandbox --yes')
    expect(adopted).toMatchObject({ code: 0, stderr: expect.not.stringContaining('failed') })
    const after = await portal(place, () => {})
    expect(applications(after).map(({ tags }) => tags)).toContainEqual(['hma:contoso'])
    expect(applications(after).map(({ passwordCredentials }) => passwordCredentials)).toEqual(
      applications(before).map(({ passwordCredentials }) => passwordCredentials),
    )
    expect(versions(after)).toHaveLength(versions(before).length)
    expect(versions(after).map(({ tags }) => tags)).toEqual(
      versions(before).map(() => expect.objectContaining({ made: 'by hand' })),
    )
    expect(adopted.stdout).toContain('clientSecret')
    expect(after.resources.vaults.map(({ tags }) => tags)).toEqual([{ made: 'by hand', 'hma-deployment': 'contoso' }])
    expect((await place.hma('plan --sandbox')).code).toBe(0)
  })

  test('one of them, by its address', async () => {
    const adopted = await place.hma('adopt contoso/hmaApp --sandbox --yes --json')
    expect(adopted.code).toBe(0)
    const done = adopted.stdout
      .split('\n')
      .filter(Boolean)
      .map((line): { type: string; address?: string } => JSON.parse(line))
    expect(done.filter(({ type }) => type === 'done').map(({ address }) => address)).toEqual(['contoso/hmaApp'])
    expect((await place.hma('plan --sandbox')).code).toBe(3)
  })

  test('shows what it does, and how many differences are left for the next plan', async () => {
    await portal(place, (world) => {
      const id = 'bbbbbbbb-0000-4000-8000-000000000001'
      for (const { tables } of world.dataverse.organizations)
        for (const row of Object.values(tables.emailserverprofile)) {
          const cells = {
            ...row.cells,
            emailserverprofileid: id,
            incomingserverlocation: 'https://old.contoso.com/EWS/Exchange.asmx',
          }
          tables.emailserverprofile = { [id]: { ...row, id, cells } }
        }
    })
    const { stdout } = await place.hma('adopt contoso/emailServerProfile --sandbox --yes')
    expect(stdout).toContain('Plan: 1 to adopt.')
    expect(stdout).not.toContain('https://old.contoso.com/EWS/Exchange.asmx')
    const [, changes, differences] =
      /will then show (\d+) changes? with (\d+) differences?/.exec(stdout.replaceAll(/\s+/g, ' ')) ?? []
    const { deployments }: { deployments: { changes: Change[] }[] } = JSON.parse(
      (await place.hma('plan --sandbox --json')).stdout,
    )
    const left = deployments.flatMap((one) => one.changes).filter(({ action }) => action !== 'none')
    expect(left.length).toBeGreaterThan(1)
    expect([changes, differences].map(Number)).toEqual([left.length, left.flatMap((one) => one.differences).length])
    expect(profiles(await portal(place, () => {})).map(({ cells }) => cells.incomingserverlocation)).toEqual([
      'https://old.contoso.com/EWS/Exchange.asmx',
    ])
  })

  test.each([
    ['keyVaultApp', 'KV-App'],
    ['hmaApp', 'HMA-App'],
  ])('two registrations that could be %s: both are named, and none is taken', async (kind, displayName) => {
    const ids: string[] = []
    await portal(place, (world) => {
      for (const { applications } of Object.values(world.directory.tenants)) {
        const found = Object.values(applications).find((one) => one.displayName === displayName)
        if (!found) continue
        applications[twin.id] = { ...structuredClone(found), ...twin }
        ids.push(found.appId, twin.appId)
      }
    })
    expect(ids).toHaveLength(2)
    await bothNamed(kind, ids, /appId of the registration you mean/)
  })

  test('two profiles with the same name: both are listed, and neither is taken over', async () => {
    const ids: string[] = []
    await portal(place, (world) => {
      for (const { tables } of world.dataverse.organizations)
        for (const row of Object.values(tables.emailserverprofile)) {
          const both = ['bbbbbbbb-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002']
          tables.emailserverprofile = Object.fromEntries(
            both.map((id) => [id, { ...row, id, cells: { ...row.cells, emailserverprofileid: id } }]),
          )
          ids.push(...both)
        }
    })
    expect(ids).toHaveLength(2)
    await bothNamed('emailServerProfile', ids, /Several email server profiles are named "[^"]+"\. Rename or delete all but one/)
  })
})

test.each([
  ['vault', 'rbac'],
  ['certificate and its secret', false],
] as const)('`hma adopt` recovers a %s in soft delete, and marks it', async (_what, create) => {
  const here = await workplace(yaml({ copy: true, create }))
  try {
    expect((await here.hma('apply --sandbox --yes')).code).toBe(0)
    expect((await here.hma('destroy --sandbox --yes')).code).toBe(0)
    await portal(here, unmark)
    expect((await here.hma('plan --sandbox')).code).toBe(3)
    // What is in a vault is seen once the vault is back.
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await here.hma('adopt --sandbox --yes')
      expect(code, stdout + stderr).toBe(0)
    }
    expect((await here.hma('apply --sandbox --yes')).code).toBe(0)
    expect((await here.hma('plan --sandbox')).stdout).toContain('No changes')
  } finally {
    await here.leave()
  }
})

const twin = { id: 'aaaaaaaa-0000-4000-8000-000000000001', appId: 'aaaaaaaa-0000-4000-8000-000000000002' }

/** `plan`, `adopt` and `apply` choose neither; each ends with 3, names both, and says what to do. */
async function bothNamed(kind: string, ids: readonly string[], whatToDo: RegExp): Promise<void> {
  const before = await portal(place, () => {})
  for (const line of ['plan', `adopt contoso/${kind} --yes`, 'apply --yes']) {
    const { code, stdout, stderr } = await place.hma(`${line} --sandbox`)
    const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ')
    expect({ line, code }, said).toEqual({ line, code: 3 })
    for (const id of ids) expect(said, line).toContain(id)
    expect(said, line).toMatch(whatToDo)
    expect(said, line).not.toContain(`hma adopt contoso/${kind}`)
  }
  const after = await portal(place, () => {})
  expect(applications(after)).toEqual(applications(before))
  expect(profiles(after)).toEqual(profiles(before))
}
