import { graph, order, resolve, upstream } from './graph.ts'
import type { Address, Difference, Kind, Kinds, Node, Reason, Values } from './kind.ts'
import { Secret } from './secret.ts'
import { kindOf, type World } from './survey.ts'

export type Action = 'none' | 'create' | 'update' | 'adopt' | 'remove' | 'manual'

/** What will be done to one resource: plain data, with no functions, no secrets and nothing of Azure. */
export interface Change {
  readonly address: Address
  readonly kind: string
  readonly action: Action
  /** Absent where there is nothing to do. */
  readonly reason?: Reason
  /** A value known only later is a reference to where it comes from. */
  readonly differences: readonly Pick<Difference, 'field' | 'from' | 'to' | 'why'>[]
  readonly after: readonly Address[]
  /** For a person, where the action is `manual`. */
  readonly instructions?: string
}

/** What the operator asks for besides what the configuration says. */
export interface Intent {
  /** The deployment, whose mark decides what is ours. */
  readonly owner: string
  /** Unmarked objects to take over; `all` for every one. */
  readonly adopt?: readonly Address[] | 'all'
  readonly remove?: true
  /** `safety.preventRemoval`: holdBack back whatever takes away a working credential, access or consent. */
  readonly preventRemoval?: boolean
}

/** A change that only a person can bring on, and without which nothing of its deployment may be done. */
export const blocks = (change: Change): boolean => change.action === 'manual' && change.reason !== 'waiting'

/** What hma itself can do now: neither what a person does, nor what comes after that. */
export function feasible(changes: readonly Change[]): readonly Change[] {
  if (changes.some(blocks)) return []
  const waiting = new Set<Address>()
  for (const { address, action, after } of changes)
    if (action === 'manual' || after.some((one) => waiting.has(one))) waiting.add(address)
  return changes.filter(({ address, action }) => action !== 'none' && !waiting.has(address))
}

/**
 * What is wanted against what there is. Pure: same nodes, same world, same instant, same plan.
 *
 * It is a promise: what it does not name is not touched. So a value that an upstream change may alter
 * is unknown here, even though the world has one for it today.
 */
export function plan(nodes: readonly Node[], world: World, kinds: Kinds, intent: Intent, now: Date): readonly Change[] {
  const byAddress = new Map(nodes.map((node) => [node.address, node]))
  const firm = new Map<Address, Values>()
  const changes = order(graph(nodes)).flatMap((address) => {
    const node = byAddress.get(address)
    if (!node) return []
    const kind = kindOf(kinds, node)
    const live = world.get(address)
    const change = intent.remove ? removal(node, kind, live, intent) : compare(node, kind, live, firm, intent, now)
    if (live) firm.set(address, leavesAsIs(change) ? live : pick(live, kind.stable ?? []))
    return [change]
  })
  return intent.remove ? changes.reverse() : changes
}

function compare(node: Node, kind: Kind, live: Values | undefined, firm: World, intent: Intent, now: Date): Change {
  const { spec, later } = resolve(node, firm)
  const unknown = [...later].map(([field, to]): Difference => ({ field, to }))
  if (!live) {
    const obstacles = kind.missing?.(spec, now) ?? []
    const open = Object.entries(spec).filter(([, value]) => !(value instanceof Secret))
    const wanted = open.map(([field, to]): Difference => ({ field, to }))
    return decide(node, 'create', [...obstacles, ...wanted, ...unknown], 'missing')
  }
  const seen = kind.diff(spec, live, now)
  const differences = [...seen, ...unknown].map((one) => holdBack(one, intent))
  if (isMarked(kind, live, intent.owner)) return decide(node, differences.length > 0 ? 'update' : 'none', differences)
  const mark: Difference = { field: 'mark', from: kind.owner?.(live), to: intent.owner }
  const adopted = node.takeOver || intent.adopt === 'all' || intent.adopt?.includes(node.address)
  if (adopted && mark.from === undefined) return decide(node, 'adopt', [mark, ...differences], 'unmarked')
  // What the kind leaves to a person would stop an adoption too.
  const inTheWay = seen.find(({ manual, reason }) => manual !== undefined && reason !== 'waiting')?.manual
  const manual = (mark.from === undefined ? inTheWay : undefined) ?? notOurs(node, mark.from)
  return decide(node, 'adopt', [{ ...mark, manual }, ...differences], 'unmarked')
}

function removal(node: Node, kind: Kind, live: Values | undefined, intent: Intent): Change {
  const ours = live && live.deleted !== true && isMarked(kind, live, intent.owner)
  if (!ours || !kind.remove || kind.removable?.(live) === false) return decide(node, 'none', [])
  const gone = holdBack({ field: 'exists', from: true, to: false, removes: true, reason: 'requested' }, intent)
  return decide(node, 'remove', [gone], 'requested')
}

export const isMarked = (kind: Kind, live: Values, owner: string): boolean => !kind.owner || kind.owner(live) === owner

/** Nothing is done, or nothing but to put the mark on it. */
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

const held = 'safety.preventRemoval holds this back. Set it to false in the configuration, and plan again, if it is meant.'
const holdBack = (difference: Difference, { preventRemoval }: Intent): Difference =>
  difference.removes && preventRemoval ? { ...difference, manual: held } : difference

const notOurs = (node: Node, owner: unknown): string =>
  owner === undefined
    ? `It exists already and does not carry hma's mark. \`hma adopt ${node.address}\` takes it over; or choose another name for it in the configuration.`
    : `It carries the mark of the deployment "${owner}". Remove one of the two deployments, or choose another name for it in the configuration.`

const pick = (live: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(live).filter(([field]) => names.includes(field)))
