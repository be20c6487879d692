import { Cycle, HmaError } from './errors.ts'
import type { Address, Node, Ref, Values } from './kind.ts'

/** Each address with the addresses it must follow. */
export type Graph = ReadonlyMap<Address, ReadonlySet<Address>>

export const ref = (address: Address, field: string): Ref => ({ $ref: address, field })

export const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' && value !== null && '$ref' in value && 'field' in value

/** Everything a node must follow: what it refers to, and what it was told to come after. */
export const upstream = (node: Node): Address[] => [
  ...new Set([
    ...Object.values(node.spec)
      .filter(isRef)
      .map((value) => value.$ref),
    ...(node.after ?? []),
  ]),
]

/** The node, and whatever it must follow. */
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

/** Upstream first, otherwise as written. */
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

/** Visit every address once its upstreams are done, side by side. A failure skips what follows it, and nothing else. */
export async function walk<T>(
  edges: Graph,
  visit: (address: Address) => Promise<T>,
  skipped: (address: Address, because: Address) => void = () => {},
): Promise<Map<Address, Outcome<T>>> {
  const running = new Map<Address, Promise<Outcome<T>>>()
  const run = async (address: Address): Promise<Outcome<T>> => {
    for (const before of edges.get(address) ?? []) {
      const outcome = await running.get(before)
      if (outcome?.status === 'done') continue
      const because = outcome?.status === 'skipped' ? outcome.because : before
      skipped(address, because)
      return { status: 'skipped', because }
    }
    return visit(address).then(
      (value) => ({ status: 'done', value }),
      (error: unknown) => ({ status: 'failed', error }),
    )
  }
  for (const address of order(edges)) running.set(address, run(address))
  return new Map(await Promise.all([...running].map(async ([address, outcome]) => [address, await outcome] as const)))
}

/** The specification with every reference filled in whose value is known, and the references that are left. */
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
