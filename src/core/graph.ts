import { Cycle, HmaError } from './errors.ts'
import type { Address, Node, Ref, Values } from './kind.ts'

/** Each address with the addresses that it must follow. */
export type Graph = ReadonlyMap<Address, ReadonlySet<Address>>

export const ref = (address: Address, field: string): Ref => ({ $ref: address, field })

export const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' && value !== null && '$ref' in value && 'field' in value

/** Everything a node must follow: what it refers to, and what its `after` names. */
export const upstream = (node: Node): Address[] => [
  ...new Set([
    ...Object.values(node.spec)
      .filter(isRef)
      .map((value) => value.$ref),
    ...(node.after ?? []),
  ]),
]

/** The node and everything it must follow. */
export function closure(nodes: readonly Node[], address: Address): readonly Node[] {
  const wanted = new Set([address])
  for (const one of wanted) for (const node of nodes) if (node.address === one) for (const up of upstream(node)) wanted.add(up)
  return nodes.filter((node) => wanted.has(node.address))
}

export function graph(nodes: readonly Node[]): Graph {
  const edges = new Map(nodes.map((node) => [node.address, new Set(upstream(node))]))
  for (const [address, before] of edges)
    for (const name of before)
      if (!edges.has(name)) throw new HmaError('HMA902', `${address} refers to ${name}, which is not in the configuration`)
  order(edges)
  return edges
}

/** Upstream first, otherwise in the order written. */
export function order(edges: Graph): Address[] {
  const done = new Set<Address>()
  const visit = (address: Address, path: readonly Address[]): void => {
    if (path.includes(address)) throw new Cycle([...path.slice(path.indexOf(address)), address])
    if (done.has(address)) return
    for (const before of edges.get(address) ?? []) visit(before, [...path, address])
    done.add(address)
  }
  for (const address of edges.keys()) visit(address, [])
  return [...done]
}

export function reverse(edges: Graph): Graph {
  const turned = new Map([...edges.keys()].map((address) => [address, new Set<Address>()]))
  for (const [address, before] of edges) for (const name of before) turned.get(name)?.add(address)
  return turned
}

export type Outcome<T> =
  | { readonly status: 'done'; readonly value: T }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'skipped'; readonly because: Address }

/** The progress of an address. Settled means done, with everything it follows. */
interface Stages<T> {
  readonly present: Promise<void>
  readonly settled: Promise<Outcome<T>>
}

/**
 * Visits addresses concurrently, each once everything it follows is present or, if it waits, has settled. A visit
 * may report that it is present before it ends. A failure skips what follows it and has not started, and nothing else.
 */
export async function walk<T>(
  edges: Graph,
  visit: (address: Address, present: () => void) => Promise<T>,
  skipped: (address: Address, because: Address) => void = () => {},
  waits: (address: Address) => boolean = () => true,
): Promise<Map<Address, Outcome<T>>> {
  const stages = new Map<Address, Stages<T>>()
  const obstacle = async (address: Address, toSettle: boolean): Promise<Address | undefined> => {
    for (const before of edges.get(address) ?? []) {
      const stage = stages.get(before)
      const outcome = await (toSettle ? stage?.settled : Promise.race([stage?.settled, stage?.present]))
      if (outcome && outcome.status !== 'done') return outcome.status === 'skipped' ? outcome.because : before
    }
    return undefined
  }
  const run = async (address: Address, present: () => void): Promise<Outcome<T>> => {
    const because = await obstacle(address, waits(address))
    if (because !== undefined) {
      skipped(address, because)
      return { status: 'skipped', because }
    }
    try {
      const value = await visit(address, present)
      present()
      const late = await obstacle(address, true)
      return late === undefined ? { status: 'done', value } : { status: 'skipped', because: late }
    } catch (error) {
      return { status: 'failed', error }
    }
  }
  for (const address of order(edges)) {
    let tell = (): void => {}
    const present = new Promise<void>((resolve) => {
      tell = resolve
    })
    stages.set(address, { present, settled: run(address, tell) })
  }
  return new Map(await Promise.all([...stages].map(async ([address, { settled }]) => [address, await settled] as const)))
}

/** The specification with all known references filled in, and the references that are left. */
export function resolve(node: Node, live: ReadonlyMap<Address, Values>): { spec: Values; later: ReadonlyMap<string, Ref> } {
  const spec: Record<string, unknown> = {}
  const later = new Map<string, Ref>()
  for (const [field, value] of Object.entries(node.spec)) {
    const known = isRef(value) ? live.get(value.$ref)?.[value.field] : value
    if (known !== undefined) spec[field] = known
    else if (isRef(value)) later.set(field, value)
  }
  return { spec, later }
}
