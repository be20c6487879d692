import { graph, order, resolve, upstream } from './graph.ts'
import type { Address, Difference, Kind, Kinds, Node, Reason, Values } from './kind.ts'
import { type Mark, type Marked, type Ownership, ownershipOf } from './ownership.ts'
import { Secret } from './secret.ts'
import { type ActualState, kindOf } from './survey.ts'

export type Action = 'none' | 'create' | 'update' | 'adopt' | 'remove' | 'manual'

/** What will be done to one resource: plain data without functions, secrets or anything specific to Azure. */
export interface Change {
  readonly address: Address
  readonly kind: string
  readonly action: Action
  /** Absent if there is nothing to do. */
  readonly reason?: Reason
  /** A value that is known only later is a reference to its source. */
  readonly differences: readonly Pick<Difference, 'field' | 'from' | 'to' | 'why'>[]
  readonly after: readonly Address[]
  /** For a person, where the action is `manual`. */
  readonly instructions?: string
}

/** What is requested in addition to the configuration. */
export interface Intent {
  /** The deployment; its mark decides what is ours. */
  readonly owner: string
  /** Addresses of unmarked objects to adopt; `all` for every one. */
  readonly adopt?: readonly Address[] | 'all'
  readonly remove?: true
  /** `safety.preventRemoval`: holds back changes that remove a working credential, access or consent. */
  readonly preventRemoval?: boolean
}

/** A change that only a person can make, and without which nothing in its deployment may be done. */
export const blocks = (change: Change): boolean => change.action === 'manual' && change.reason !== 'waiting'

/** What hma can do now: neither manual actions nor what depends on them. */
export function feasible(changes: readonly Change[]): readonly Change[] {
  if (changes.some(blocks)) return []
  const waiting = new Set<Address>()
  for (const { address, action, after } of changes)
    if (action === 'manual' || after.some((one) => waiting.has(one))) waiting.add(address)
  return changes.filter(({ address, action }) => action !== 'none' && !waiting.has(address))
}

/**
 * Compares desired and live state. Pure: same nodes, same state, same instant, same plan. A plan is a promise: what it does not name is
 * not touched. So a value that an upstream change may alter is unknown here, even if it has a value today.
 */
export function plan(nodes: readonly Node[], actual: ActualState, kinds: Kinds, intent: Intent, now: Date): readonly Change[] {
  const byAddress = new Map(nodes.map((node) => [node.address, node]))
  const firm = new Map<Address, Values>()
  const changes = order(graph(nodes)).flatMap((address) => {
    const node = byAddress.get(address)
    if (!node) return []
    const kind = kindOf(kinds, node)
    const live = actual.get(address)
    const change = intent.remove ? removal(node, kind, live, intent) : compare(node, kind, live, firm, intent, now)
    if (live) firm.set(address, leavesAsIs(change) ? live : pick(live, kind.stable ?? []))
    return [change]
  })
  return intent.remove ? changes.reverse() : changes
}

function compare(node: Node, kind: Kind, live: Values | undefined, firm: ActualState, intent: Intent, now: Date): Change {
  const { spec, later } = resolve(node, firm)
  const unknown = [...later].map(([field, to]): Difference => ({ field, to }))
  if (!live) {
    const obstacles = kind.missing?.(spec, now) ?? []
    const open = Object.entries(spec).filter(([, value]) => !(value instanceof Secret))
    const wanted = open.map(([field, to]): Difference => ({ field, to }))
    return decide(node, 'create', [...obstacles, ...wanted, ...unknown], 'missing')
  }
  const seen = kind.diff(spec, live, now)
  const differences = [...seen, ...unknown].map((one) => blockRemoval(one, intent))
  const whose = ownershipOf(kind, live, intent.owner)
  const marking = markDifference(kind, live, intent.owner)
  if (whose.is === 'ours')
    return decide(node, marking.length + differences.length > 0 ? 'update' : 'none', [...marking, ...differences])
  const mayAdopt = isAdoptable(whose)
  const adopted = intent.adopt === 'all' || intent.adopt?.includes(node.address) || (node.takeOver && whose.is === 'unmarked')
  if (adopted && mayAdopt) return decide(node, 'adopt', [...marking, ...differences], 'unmarked')
  // What the kind leaves to a person would stop an adoption as well.
  const inTheWay = seen.find(({ manual, reason }) => manual !== undefined && reason !== 'waiting')?.manual
  const manual = (mayAdopt ? inTheWay : undefined) ?? notOurs(node, whose, kind.marks(live))
  return decide(node, 'adopt', [...marking.map((mark) => ({ ...mark, manual })), ...differences], 'unmarked')
}

function removal(node: Node, kind: Kind, live: Values | undefined, intent: Intent): Change {
  if (!live || live.deleted === true) return decide(node, 'none', [])
  const whose = ownershipOf(kind, live, intent.owner)
  const inUse = dependence(kind, live, whose, intent)
  if (inUse !== undefined) return decide(node, 'remove', [{ field: 'exists', manual: inUse }], 'unmarked')
  if (whose.is !== 'ours' || !kind.remove || kind.removable?.(live) === false) return decide(node, 'none', [])
  const gone = blockRemoval({ field: 'exists', from: true, to: false, removes: true, reason: 'requested' }, intent)
  return decide(node, 'remove', [gone], 'requested')
}

/** A deployment of the same name exists elsewhere: destroying it here would remove what the other one uses. */
function dependence(kind: Kind, live: Values, whose: Ownership, { owner }: Intent): string | undefined {
  const [mark] = [...(whose.is === 'another store' ? [whose.mark] : []), ...(kind.marks(live).dependents ?? [])]
  if (mark?.deployment !== owner) return undefined
  return `The deployment "${owner}" exists for ${where(mark)} too, which uses the same registrations and certificate. Give this deployment another name; or, if the other one is no longer in use, remove its mark and the credentials that it left on KV-App and HMA-App.`
}

/** The mark, if it is missing, not ours, or incomplete. */
export function markDifference(kind: Kind, live: Values, owner: string): Difference[] {
  const whose = ownershipOf(kind, live, owner)
  if (whose.is === 'ours' && !whose.outdated) return []
  if (whose.is === 'ours') return [{ field: 'mark', from: owner, to: owner, why: 'the mark does not say for which environment' }]
  const from = whose.is === 'unmarked' ? undefined : markText(whose.mark)
  return [{ field: 'mark', ...(from !== undefined && { from }), to: owner }]
}

const markText = ({ deployment, store }: Mark): string => (store === undefined ? deployment : `${deployment} (${store})`)

/** Nothing is done, or only the mark is put on it. */
const leavesAsIs = ({ action, differences }: Change): boolean =>
  action === 'none' || differences.every(({ field }) => field === 'mark')

const weight: readonly Reason[] = ['requested', 'expiring', 'differs', 'missing', 'unmarked', 'superseded', 'waiting']

function decide(node: Node, action: Action, differences: readonly Difference[], given?: Reason): Change {
  const manual = differences.find((difference) => difference.manual !== undefined)
  const reasons = differences.map((difference) => difference.reason ?? 'differs')
  const reason = manual?.reason ?? given ?? weight.find((one) => reasons.includes(one))
  return {
    address: node.address,
    kind: node.kind,
    action: manual ? 'manual' : action,
    ...(reason && action !== 'none' && { reason }),
    differences: differences.map(({ field, from, to, why }) => ({
      field,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(why !== undefined && { why }),
    })),
    after: upstream(node),
    ...(manual?.manual !== undefined && { instructions: manual.manual }),
  }
}

const held = 'safety.preventRemoval blocks this removal. To allow it, set it to false in the configuration and plan again.'
const blockRemoval = (difference: Difference, { preventRemoval }: Intent): Difference =>
  difference.removes && preventRemoval ? { ...difference, manual: held } : difference

/** Unmarked, or a copy, whose original is not affected. An object that another deployment manages is never taken from it. */
const isAdoptable = (whose: Ownership): boolean => whose.is === 'unmarked' || (whose.is === 'another store' && whose.copy)

const where = ({ place, store }: Mark): string => place ?? (store === undefined ? 'another environment' : store)

function notOurs({ address }: Node, whose: Ownership, { setting }: Marked): string {
  const rename = `another name for it in the configuration${setting === undefined ? '' : ` (${setting})`}`
  if (whose.is === 'another deployment')
    return `It carries the mark of the deployment "${whose.mark.deployment}". Remove one of the two deployments, or choose ${rename}.`
  if (whose.is === 'another store')
    return whose.copy
      ? `It was copied from ${where(whose.mark)}, where it belongs to the deployment "${whose.mark.deployment}". \`hma adopt ${address}\` takes over this copy: it gets its own secret, and the original keeps its secret.`
      : `It belongs to the deployment "${whose.mark.deployment}" of ${where(whose.mark)}, which still uses it. Choose ${rename}.`
  return `It already exists and does not carry hma's mark. \`hma adopt ${address}\` takes it over; or choose ${rename}.`
}

const pick = (live: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(live).filter(([field]) => names.includes(field)))
