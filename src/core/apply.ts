import { converge, removeAndWait } from './converge.ts'
import { HmaError } from './errors.ts'
import { graph, type Outcome, resolve, reverse, walk } from './graph.ts'
import type { Address, Kinds, Node, Values } from './kind.ts'
import { redacted } from './masking.ts'
import { type Pace, SharedPolls } from './pace.ts'
import type { Action, Change } from './plan.ts'
import { type ActualState, type Context, kindOf } from './survey.ts'

/** Events while a plan is carried out. Nothing here prints; views do. */
export type Event =
  | { readonly type: 'started'; readonly address: Address; readonly action: Action }
  | { readonly type: 'note'; readonly address: Address; readonly message: string }
  | { readonly type: 'done'; readonly address: Address; readonly action: Action }
  | { readonly type: 'failed'; readonly address: Address; readonly error: unknown }
  | { readonly type: 'skipped'; readonly address: Address; readonly because: string; readonly waiting: boolean }

export interface ApplyInput {
  readonly nodes: readonly Node[]
  /** What the survey saw; the changes were planned from it. */
  readonly actual: ActualState
  readonly kinds: Kinds
  readonly context: Context
  readonly pace: Pace
  emit(event: Event): void
}

/** A step that was not taken although nothing failed: a person has to act, or hma was told to stop. */
class Deferred extends HmaError {
  readonly waiting: boolean

  constructor(because: string, waiting: boolean) {
    super('HMA506', because)
    this.waiting = waiting
  }
}

/**
 * Carries out the changes and nothing else. Each starts as soon as its dependencies are present; a step that puts them into use, and
 * every removal, waits until they have settled.
 */
export async function apply(changes: readonly Change[], input: ApplyInput): Promise<ReadonlyMap<Address, Outcome<void>>> {
  const { nodes, context, emit } = input
  const byAddress = new Map(nodes.map((node) => [node.address, node]))
  const todo = new Map(changes.map((change) => [change.address, change]))
  const actual = new Map(input.actual)
  const removes = changes.some((change) => change.action === 'remove')
  const edges = removes ? reverse(graph(nodes)) : graph(nodes)
  const polls = new SharedPolls(input.pace)

  const visit = async (address: Address, present: () => void): Promise<void> => {
    const node = byAddress.get(address)
    const change = todo.get(address)
    if (!node || !change || change.action === 'none') return
    if (context.signal.aborted) throw new Deferred('interrupted', false)
    if (change.action === 'manual') throw new Deferred(instructions(node, change, input, actual), true)
    emit({ type: 'started', address, action: change.action })
    await carryOut(node, change.action, { ...input, actual, polls, present })
    emit({ type: 'done', address, action: change.action })
  }
  const report = (address: Address, present: () => void): Promise<void> =>
    visit(address, present).catch((error: unknown) => {
      emit(endOf(address, error, context.signal))
      throw error
    })
  const skip = (address: Address, because: Address): void => {
    if (todo.get(address)?.action !== 'none') emit({ type: 'skipped', address, because, waiting: false })
  }
  const waits = (address: Address): boolean => {
    const node = byAddress.get(address)
    return removes || (node !== undefined && kindOf(input.kinds, node).putsIntoUse === true)
  }
  return walk(edges, report, skip, waits)
}

/** The outcome of a step that was not completed. */
function endOf(address: Address, error: unknown, { aborted }: AbortSignal): Event {
  const held = error instanceof Deferred ? error : aborted && isAbort(error) ? new Deferred('interrupted', false) : undefined
  return held ? { type: 'skipped', address, because: held.message, waiting: held.waiting } : { type: 'failed', address, error }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

type Step = Pick<ApplyInput, 'kinds' | 'context' | 'emit'> & { actual: Map<Address, Values>; polls: SharedPolls; present(): void }

async function carryOut(node: Node, action: Action, { kinds, context, actual, polls, emit, present }: Step): Promise<void> {
  const { address } = node
  const kind = kindOf(kinds, node)
  const note = (message: string): void => emit({ type: 'note', address, message: redacted(message) })
  const { spec, later } = resolve(node, actual)
  const convergence = { address, kind, spec, context, polls, note }
  if (action === 'remove') return removeAndWait(convergence, actual.get(address))
  for (const [field, { $ref }] of later)
    throw new HmaError('HMA902', `${address} needs ${field} of ${$ref}, which ${$ref} does not have`)
  const seen = (live: Values): void => {
    actual.set(address, live)
    present()
  }
  actual.set(address, await converge({ ...convergence, present: seen }))
}

/** What the person has to do, now that the values they may need are known. */
function instructions(node: Node, change: Change, { kinds, context }: ApplyInput, actual: ActualState): string {
  const { spec } = resolve(node, actual)
  const [kind, live] = [kindOf(kinds, node), actual.get(node.address)]
  const found = live ? kind.diff(spec, live, context.now) : kind.missing?.(spec, context.now)
  const known = found?.find((difference) => difference.manual !== undefined)?.manual
  return (change.reason === 'waiting' ? known : undefined) ?? change.instructions ?? ''
}
