import { HmaError, NotConverged } from './errors.ts'
import { graph, type Outcome, resolve, reverse, walk } from './graph.ts'
import type { Address, Difference, Kind, Kinds, Node, Values } from './kind.ts'
import { type Action, type Change, isMarked } from './plan.ts'
import { type Context, kindOf, look, type World } from './survey.ts'

/** What happens while a plan is carried out. Nothing here prints; views do. */
export type Event =
  | { readonly type: 'started'; readonly address: Address; readonly action: Action }
  | { readonly type: 'note'; readonly address: Address; readonly message: string }
  | { readonly type: 'done'; readonly address: Address; readonly action: Action }
  | { readonly type: 'failed'; readonly address: Address; readonly error: unknown }
  | { readonly type: 'skipped'; readonly address: Address; readonly because: string; readonly waiting: boolean }

/** How long to wait between two looks, and how often to look at all. `stalls` counts the looks that saw nothing new. */
export interface Pace {
  readonly looks: number
  /** Looks in a row that may be refused before a refusal is believed: a right that was just given takes a while to count. */
  readonly refusals: number
  wait(stalls: number, signal: AbortSignal): Promise<void>
}

export interface Undertaking {
  readonly nodes: readonly Node[]
  /** What the survey saw, from which the changes were planned. */
  readonly world: World
  readonly kinds: Kinds
  readonly context: Context
  readonly pace: Pace
  emit(event: Event): void
}

/** A step that was not taken, though nothing went wrong: a person has to act, or hma was told to stop. */
class Held extends HmaError {}

/** Do what the changes say, and nothing else, each as soon as what it follows is done. */
export async function apply(changes: readonly Change[], undertaking: Undertaking): Promise<ReadonlyMap<Address, Outcome<void>>> {
  const { nodes, context, emit } = undertaking
  const byAddress = new Map(nodes.map((node) => [node.address, node]))
  const todo = new Map(changes.map((change) => [change.address, change]))
  const world = new Map(undertaking.world)
  const edges = changes.some((change) => change.action === 'remove') ? reverse(graph(nodes)) : graph(nodes)

  const visit = async (address: Address): Promise<void> => {
    const node = byAddress.get(address)
    const change = todo.get(address)
    if (!node || !change || change.action === 'none') return
    if (context.signal.aborted) throw new Held('interrupted')
    if (change.action === 'manual') throw new Held(instructions(node, change, undertaking, world))
    emit({ type: 'started', address, action: change.action })
    await carryOut(node, change.action, { ...undertaking, world })
    emit({ type: 'done', address, action: change.action })
  }
  const report = async (address: Address): Promise<void> => {
    await visit(address).catch((error: unknown) => {
      if (error instanceof Held) emit({ type: 'skipped', address, because: error.message, waiting: true })
      else emit({ type: 'failed', address, error })
      throw error
    })
  }
  return walk(edges, report, (address, because) => {
    if (todo.get(address)?.action !== 'none') emit({ type: 'skipped', address, because, waiting: false })
  })
}

async function carryOut(
  node: Node,
  action: Action,
  { kinds, context, pace, world, emit }: Undertaking & { world: Map<Address, Values> },
) {
  const kind = kindOf(kinds, node)
  const note = (message: string): void => emit({ type: 'note', address: node.address, message })
  if (action === 'remove') {
    const live = world.get(node.address)
    if (live) await kind.remove?.(live, look(context, note))
    return
  }
  const { spec, later } = resolve(node, world)
  for (const [field, { $ref }] of later)
    throw new HmaError(`${node.address} needs ${field} of ${$ref}, which ${$ref} does not have`)
  world.set(node.address, await converge({ address: node.address, kind, spec, context, pace, note }))
}

interface Convergence {
  readonly address: Address
  readonly kind: Kind
  readonly spec: Values
  readonly context: Context
  readonly pace: Pace
  note(message: string): void
}

/** How far a convergence has come. */
interface Progress {
  /** Sights that were answered with a write. */
  readonly answered: Set<string>
  left: readonly Difference[]
  problem: unknown
  /** Looks in a row that found nothing to do, that saw nothing new, and that were refused. */
  good: number
  stalls: number
  refusals: number
}

/**
 * Look, compare, act; until nothing is left to do.
 *
 * Waiting, retrying, resuming after a crash and checking the result are all this one loop. Directories
 * answer from replicas that lag, so the same sight never causes a second write, and after a write as
 * many looks in a row as the kind asks for must find nothing to do.
 */
export async function converge(convergence: Convergence): Promise<Values> {
  const { address, context, pace, note } = convergence
  const progress: Progress = { answered: new Set(), left: [], problem: undefined, good: 0, stalls: 0, refusals: 0 }
  for (let looks = 0; looks < pace.looks; looks++) {
    try {
      const settled = await step(convergence, progress)
      progress.refusals = 0
      if (settled) return settled
    } catch (error) {
      if (!passes(error, progress, pace)) throw error
      Object.assign(progress, { problem: error, stalls: progress.stalls + 1 })
      note(error.message)
    }
    await pace.wait(progress.stalls, context.signal)
  }
  throw new NotConverged(address, progress.left, progress.problem)
}

/** One look, and one write where it shows something new that is not as it should be. What is settled is the answer. */
async function step({ kind, spec, context, note }: Convergence, progress: Progress): Promise<Values | undefined> {
  const run = look(context, note)
  const live = await kind.read(spec, run)
  const left = live ? remaining(kind, spec, live, context) : [{ field: 'exists', from: false, to: true }]
  const done = live !== undefined && left.length === 0
  Object.assign(progress, {
    left,
    problem: undefined,
    good: done ? progress.good + 1 : 0,
    stalls: done ? 0 : progress.stalls + 1,
  })
  if (done) return progress.answered.size === 0 || progress.good >= (kind.sights ?? 1) ? live : undefined
  const sight = JSON.stringify(live ?? null)
  if (progress.answered.has(sight) || left.every((difference) => difference.pending)) return undefined
  await kind.reconcile(spec, live, run)
  progress.answered.add(sight)
  progress.stalls = 0
  return undefined
}

const passes = (error: unknown, progress: Progress, pace: Pace): error is HmaError =>
  error instanceof HmaError && (error.retryable === 'briefly' ? progress.refusals++ < pace.refusals : error.retryable)

/** What hma has left to do. What a person is to do besides is for the next plan to say. */
const remaining = (kind: Kind, spec: Values, live: Values, { owner, now }: Context): readonly Difference[] => [
  ...kind.diff(spec, live, now).filter((difference) => difference.manual === undefined),
  ...(isMarked(kind, live, owner) ? [] : [{ field: 'mark', from: kind.owner?.(live), to: owner }]),
]

/** What the person has to do, now that the values it may need are known. */
function instructions(node: Node, change: Change, { kinds, context }: Undertaking, world: World): string {
  const { spec } = resolve(node, world)
  const known = kindOf(kinds, node)
    .missing?.(spec, context.now)
    .find((difference) => difference.manual !== undefined)?.manual
  return (change.reason === 'waiting' ? known : undefined) ?? change.instructions ?? ''
}
