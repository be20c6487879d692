import { HmaError } from './errors.ts'
import { graph, isRef, type Outcome, order, resolve, walk } from './graph.ts'
import type { Address, Kind, Kinds, Node, Run, Values } from './kind.ts'

/** What exists, by address. Absent resources are absent from the map. */
export type ActualState = ReadonlyMap<Address, Values>

/** The inputs of a run; the engine adds remarks and a cache for each poll. */
export type Context = Pick<Run, 'now' | 'owner' | 'signal'> & Partial<Pick<Run, 'remark'>>

export interface Failure {
  readonly address: Address
  readonly error: unknown
}

/** Something could not be read, so nothing can be planned. */
export class SurveyFailed extends HmaError {
  readonly failures: readonly Failure[]
  /** What was read nevertheless. */
  readonly actual: ActualState
  /** Why the rest was not read, including what was not tried because of a failure. */
  readonly unseen: ReadonlyMap<Address, unknown>

  constructor(failures: readonly Failure[], actual: ActualState = new Map(), unseen: SurveyFailed['unseen'] = new Map()) {
    super(
      'HMA509',
      failures.map(({ address, error }) => `${address}: ${error instanceof Error ? error.message : String(error)}`).join('\n'),
    )
    this.failures = failures
    this.actual = actual
    this.unseen = unseen
  }
}

/** What a kind is given for one poll. */
export const runOf = (context: Context, note: Run['note'], poll: object = {}): Run => ({
  ...{ remark: () => {}, ...context, note, poll },
  get now() {
    return context.now
  },
})

export function kindOf(kinds: Kinds, node: Node): Kind {
  const kind = kinds[node.kind]
  if (!kind) throw new HmaError('HMA902', `${node.address} is of the kind "${node.kind}", which does not exist`)
  return kind
}

/**
 * Reads everything that the configuration names. The only part of planning that sends requests. A read waits only for what names its
 * object, not for everything its node depends on, so the depth of the survey is the depth of the names.
 */
export async function survey(nodes: readonly Node[], kinds: Kinds, context: Context): Promise<ActualState> {
  order(graph(nodes))
  const actual = new Map<Address, Values>()
  const run = runOf(context, () => {})
  const named = nodes.map((node) => nameOnly(node, kindOf(kinds, node)))
  const byAddress = new Map(named.map((node) => [node.address, node]))
  const outcomes = await walk(graph(named), async (address) => {
    const node = byAddress.get(address)
    if (!node) return
    context.signal.throwIfAborted()
    const { spec, later } = resolve(node, actual)
    if (later.size > 0) return
    const live = await kindOf(kinds, node).read(spec, run)
    if (live) actual.set(address, live)
  })
  context.signal.throwIfAborted()
  const failures = [...outcomes].flatMap(([address, outcome]) =>
    outcome.status === 'failed' ? [{ address, error: outcome.error }] : [],
  )
  if (failures.length > 0) throw new SurveyFailed(failures, actual, unread(outcomes))
  return actual
}

const unread = (outcomes: ReadonlyMap<Address, Outcome<void>>): ReadonlyMap<Address, unknown> =>
  new Map(
    [...outcomes].flatMap(([address, outcome]) => {
      const cause = outcome.status === 'skipped' ? outcomes.get(outcome.because) : outcome
      return cause?.status === 'failed' ? [[address, cause.error] as const] : []
    }),
  )

/** The node as far as it is known when read: literals, and the references in its identity. */
export function nameOnly(node: Node, kind: Kind): Node {
  const spec = Object.entries(node.spec).filter(([field, value]) => !isRef(value) || kind.identity.includes(field))
  return { address: node.address, kind: node.kind, spec: Object.fromEntries(spec) }
}
