import { describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { HmaError } from '../../src/core/errors.ts'
import { SurveyFailed } from '../../src/core/survey.ts'
import { day } from '../support/credentials.ts'
import { type OpenDeployment, openDeployment } from '../support/deployment.ts'
import { byAccessPolicies, grantRights, placeOf, type Right, wordsFor } from '../support/rights.ts'
import { type Command, needed, type Setting, type StartingPoint, variantOf } from '../support/rightsTable.ts'

const worlds = new Map<string, Promise<World>>()

/** A copy of the world of that scene, made once with every right there is. */
export async function worldAt(setting: Setting, scene: StartingPoint): Promise<World> {
  const key = JSON.stringify([setting, scene])
  const world = worlds.get(key) ?? made(setting, scene)
  worlds.set(key, world)
  return structuredClone(await world)
}

async function made(setting: Setting, scene: StartingPoint): Promise<World> {
  const here = await openDeployment(variantOf(setting))
  try {
    const { world } = here.sandbox
    if (setting.vault === 'existing, access policies') {
      byAccessPolicies(world)
      const all = (on: 'certificates' | 'secrets') => ({ of: 'policy', on, name: 'all' }) as const
      grantRights(world, [...everything, all('certificates'), all('secrets')])
    }
    if (scene === 'fresh') return world
    await here.apply()
    // The granted rights are effective in the vault by now.
    here.sandbox.advance(600_000)
    if (scene === 'due') here.sandbox.advance(155 * day)
    if (scene === 'deleted') await here.apply({ remove: true })
    if (scene === 'drifted') drift(world)
    return world
  } finally {
    await here.close()
  }
}

const everything: readonly Right[] = [
  ...(['vault', 'exchange'] as const).flatMap((tenant) =>
    ['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All', 'Directory.Read.All'].map(
      (name) => ({ of: 'graph', tenant, name }) as const,
    ),
  ),
  { of: 'azure', at: 'subscription', name: 'Owner' },
  ...['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo'].flatMap((verb) =>
    ['EmailServerProfile', 'KeyVaultReference', 'ManagedIdentity'].map(
      (name) => ({ of: 'dataverse', name: `prv${verb}${name}` }) as const,
    ),
  ),
]

/** The profile and the reference were changed in the form, or the copy of the secret was lost. */
function drift({ dataverse, vaults }: World): void {
  if (dataverse.organizations.length === 0) delete vaults['kv-contoso-mail']?.secrets['hma-kv-app-client-secret']
  for (const { tables } of dataverse.organizations) {
    for (const { cells } of Object.values(tables.emailserverprofile)) cells.incomingportnumber = 444
    for (const { cells } of Object.values(tables.keyvaultreference)) cells.keyname = 'other'
  }
}

/** A command's errors with these rights: full text and hint. */
export async function complaints(
  command: Command,
  setting: Setting,
  scene: StartingPoint,
  rights: readonly Right[],
): Promise<readonly string[]> {
  const here = await openDeployment(variantOf(setting), {}, await worldAt(setting, scene))
  try {
    grantRights(here.sandbox.world, rights)
    return await said(command, here)
  } finally {
    await here.close()
  }
}

async function said(command: Command, here: OpenDeployment): Promise<readonly string[]> {
  try {
    if (command === 'plan') {
      await here.plan()
      return []
    }
    const { events } = await here.apply(command === 'destroy' ? { remove: true } : {})
    return events.flatMap((event) => (event.type === 'failed' ? [textOf(event.error)] : []))
  } catch (error) {
    if (error instanceof SurveyFailed) return error.failures.map((one) => textOf(one.error))
    throw error
  }
}

/** An error as the user sees it. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { hint = '' }: Partial<HmaError> = error
  return `${error.message}\n${hint}`
}

const startingPoints = {
  plan: ['fresh', 'standing', 'due', 'drifted', 'deleted'],
  apply: ['fresh', 'standing', 'due', 'drifted', 'deleted'],
  destroy: ['standing'],
} as const satisfies Partial<Record<Command, readonly StartingPoint[]>>

/** The rights in the table are enough for a configuration, and none is superfluous. */
export function rightsAreExact(setting: Setting): void {
  describe.each(['plan', 'apply', 'destroy'] as const)('%s', { concurrent: true }, (command) => {
    const all = needed(command, setting)
    test.each(startingPoints[command])('is enough if everything is %s', async (scene) => {
      expect(
        await complaints(
          command,
          setting,
          scene,
          all.map(({ right }) => right),
        ),
      ).toEqual([])
    })
    const without = all.map((one) => [wordsFor(one.right), placeOf(one.right, setting.tenants), one] as const)
    test.each(without)('without %s at %s, it fails and names both', async (words, place, { right, shows }) => {
      const rest = all.flatMap((one) => (one.right === right ? [] : [one.right]))
      const said = await complaints(command, setting, shows, rest)
      expect(said).not.toEqual([])
      for (const complaint of said) {
        expect(complaint).toContain(words)
        expect(complaint).toContain(place)
      }
    })
  })
}
