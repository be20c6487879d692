import { didYouMean } from '../config/suggest.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind, Kinds } from '../core/kind.ts'
import type { Change } from '../core/plan.ts'
import { kindOf, nameOnly } from '../core/survey.ts'
import type { Session } from '../session/session.ts'
import { carryOut } from './carryOut.ts'
import type { PlannedDeployment } from './planAll.ts'

export interface AdoptArguments {
  /** `contoso/certificate`; every unmarked object if none is named. */
  readonly addresses: readonly string[]
  readonly yes: boolean
  readonly quiet: boolean
}

/** `hma adopt`: puts the deployment's mark on existing objects and changes nothing else. The next apply does. */
export async function adopt(session: Session, { addresses, ...terms }: AdoptArguments): Promise<number> {
  const known = new Set(session.targets.flatMap(({ nodes }) => nodes.map(({ address }) => address)))
  const unmatched = addresses.filter((address) => !known.has(address))
  if (unmatched.length > 0)
    throw new HmaError('HMA111', `The configuration has no ${unmatched.join(', ')}`, {
      hint: `${didYouMean(unmatched, [...known])}It has ${[...known].join(', ')}.`,
    })
  return carryOut(session, { adopt: addresses.length > 0 ? addresses : 'all', only: marks(addresses) }, terms)
}

/** The adoptions in the plan, without their differences, which are left for the next apply. */
const marks =
  (addresses: readonly string[]) =>
  ({ target, changes, ...rest }: PlannedDeployment): PlannedDeployment => ({
    ...rest,
    remarks: [],
    left: changes.map((change) => (isMeant(change, addresses) ? restOf(change) : change)).filter(isLeft),
    target: {
      ...target,
      nodes: target.nodes.map((node) => nameOnly(node, kindOf(target.kinds, node))),
      kinds: marking(target.kinds),
    },
    changes: changes.map((change) => (isMeant(change, addresses) ? markOf(change) : idle(change))),
  })

/** What cannot be adopted is shown if it was named or nothing was: its instructions say why. */
const isMeant = ({ address, reason }: Change, addresses: readonly string[]): boolean =>
  reason === 'unmarked' && (addresses.length === 0 || addresses.includes(address))

/** Splits an adoption into its marks and everything else. What a person has to do first stays with it. */
const part =
  (which: (field: string) => boolean) =>
  (change: Change): Change =>
    change.action === 'adopt' ? { ...change, differences: change.differences.filter(({ field }) => which(field)) } : change

const markOf = part((field) => field === 'mark')
const restOf = part((field) => field !== 'mark')

const isLeft = ({ action, differences }: Change): boolean => action !== 'none' && (action !== 'adopt' || differences.length > 0)

const idle = ({ address, kind, after }: Change): Change => ({ address, kind, action: 'none', differences: [], after })

/** The kinds restricted to marks: nothing else is compared or written. */
const marking = (kinds: Kinds): Kinds =>
  Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { ...kind, diff: () => [], reconcile: marked(kind) }]))

const marked =
  (kind: Kind): Kind['reconcile'] =>
  async (spec, live, run) => {
    // A lagging replica may show neither the new name nor the object without it.
    if (!live) throw new HmaError('HMA506', 'waiting for the mark to appear', { retryable: true })
    if (!kind.adopt) throw new HmaError('HMA902', 'It has a mark of its own, but nothing that puts it there')
    await kind.adopt(spec, live, run)
  }
