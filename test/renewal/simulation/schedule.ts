import type { Settings } from '../../../packages/sandbox/src/azure.ts'
import { drawFault, faultKinds, type SeededChoice, seededChoice } from '../../../packages/sandbox/src/faults/bySeed.ts'
import { seededRandom } from '../../../packages/sandbox/src/faults/random.ts'
import type { Variant } from '../../support/deployment.ts'
import { type Name, names } from '../../support/scenarios.ts'
import type { Act, Schedule } from './perform.ts'
import { type ManualChange, manualChanges } from './person.ts'

/** What a seed stands for: the same seed gives the same run. */
export interface Story extends Schedule {
  readonly name: Name
  readonly variant: Variant
}

const variants: readonly Variant[] = [
  { create: 'accessPolicy', copy: true },
  { tenants: 1 },
  { dynamics: false, create: false },
  { dynamics: false, create: 'accessPolicy' },
]

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const handMadeChanges = Object.keys(manualChanges).filter((name): name is ManualChange => name in manualChanges)

export function storyOf(seed: number): Story {
  const drawn = seededChoice(seededRandom(seed))
  const name = drawn.of(names)
  const variant = drawn.of(variants)
  const settings = usual(drawn)
  const fitting = manualChangesOf(name, variant, settings)
  const acts = Array.from({ length: 1 + drawn.below(3) }, () => act(drawn, name, fitting))
  // A registration cannot be used before it exists, and one that others use is not deleted.
  const stands = name !== 'first apply' && !name.includes('destroy')
  return { seed, name, variant, settings, acts, ...(stands && drawn.below(2) === 0 && { crowded: true as const }) }
}

/** What applies all the time: how slow the directory is, and unconfirmed behavior, both ways. */
const usual = ({ of }: SeededChoice): Partial<Settings> => ({
  replicationLag: of([0, 0, 4 * second, 45 * second]),
  propagation: of([0, 0, 20 * second, 4 * minute]),
  registeringDns: of([0, 30 * second]),
  accessPoliciesAdd: of(['union', 'overwrite'] as const),
  keyInLists: of([true, false]),
  repeatedRoleAssignment: of([200, 201] as const),
  mergeKeepsTags: of([true, false]),
  pendingHidesCurrent: of([true, false]),
  echoesRoleBased: of([true, false]),
  restoredConsent: of([true, false]),
  credentialPause: of([0, 0, 10 * second]),
  lostUpdate: of([0, 5 * second, minute]),
  tokenLifetime: of([3600, 3600, 20]),
})

/** What applies for one act only: a policy that is set for the tenants and removed again. */
const policies: readonly Partial<Settings>[] = [{ forbidSecrets: true }, { secretDays: 90 }, { certificateDays: 90 }]

function act(drawn: SeededChoice, name: Name, fitting: readonly ManualChange[]): Act {
  const { below, of } = drawn
  const often = (share: number): boolean => below(100) < share
  const writes = name === 'first apply' || name === 'apply after a destroy' ? 18 : 5
  return {
    ...(often(25) && { second: of([0, 2, 5, 10, 20, 40]) * second }),
    faults: Array.from({ length: of([0, 1, 1, 2, 3]) }, () => drawFault(of(faultKinds), drawn)),
    settings: often(12) ? of(policies) : {},
    ...(often(45) && {
      accident: {
        ...(often(60) ? { write: below(writes) } : { request: below(writes * 10) }),
        what: of(['killed before', 'killed after', 'answer lost'] as const),
      },
    }),
    ...(often(30) && { person: { request: below(writes * 8), does: of(fitting) } }),
    pause: of([0, 0, hour, day, 8 * day]),
  }
}

/**
 * Suitable changes by people. None of them prevents a destroy; and no lagging replica hides from a destroy that
 * they have begun to use a registration.
 */
const manualChangesOf = (
  name: Name,
  { dynamics = true }: Variant,
  { replicationLag }: Partial<Settings>,
): readonly ManualChange[] =>
  handMadeChanges.filter(
    (deed) =>
      (dynamics || !(deed.includes('profile') || deed.includes('row'))) &&
      (!name.startsWith('destroy') || deed.startsWith('removes') || (deed.startsWith('adds') && replicationLag === 0)),
  )
