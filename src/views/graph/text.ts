export type Format = 'mermaid' | 'dot'

/** A deployment's resources, each with the addresses that it follows. */
export interface Cluster {
  readonly name: string
  readonly nodes: readonly { readonly address: string; readonly kind: string; readonly after: readonly string[] }[]
}

/** The dependency graph as text: arrows lead from a resource to those that depend on it. Equal graphs have equal text. */
export function graphText(clusters: readonly Cluster[], format: Format): string {
  const addresses = clusters.flatMap(({ nodes }) => nodes.map(({ address }) => address))
  const ids = new Map(addresses.map((address, index) => [address, `n${index}`]))
  const edges = clusters.flatMap(({ nodes }) =>
    nodes.flatMap(({ address, after }) => after.map((before) => [ids.get(before), ids.get(address)] as const)),
  )
  const lines = format === 'dot' ? dot(clusters, ids, edges) : mermaid(clusters, ids, edges)
  return `${lines.join('\n')}\n`
}

type Ids = ReadonlyMap<string, string>
type Edges = readonly (readonly [string | undefined, string | undefined])[]

function mermaid(clusters: readonly Cluster[], ids: Ids, edges: Edges): readonly string[] {
  const quoted = (text: string): string => `"${text.replace(/[^\p{L}\p{N} ()./_-]/gu, entity)}"`
  return [
    'flowchart LR',
    ...clusters.flatMap(({ name, nodes }, index) => [
      `  subgraph d${index}[${quoted(name)}]`,
      ...nodes.map((node) => `    ${ids.get(node.address)}[${quoted(label(node, name))}]`),
      '  end',
    ]),
    ...edges.map(([from, to]) => `  ${from} --> ${to}`),
  ]
}

/** Mermaid escapes a special character as its number: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
const entity = (character: string): string => `#${character.codePointAt(0)};`

function dot(clusters: readonly Cluster[], ids: Ids, edges: Edges): readonly string[] {
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, ' ')}"`
  return [
    'digraph hma {',
    '  rankdir=LR',
    '  node [shape=box]',
    ...clusters.flatMap(({ name, nodes }, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(name)}`,
      ...nodes.map((node) => `    ${ids.get(node.address)} [label=${quoted(label(node, name))}]`),
      '  }',
    ]),
    ...edges.map(([from, to]) => `  ${from} -> ${to}`),
    '}',
  ]
}

/** The name in its deployment, plus the kind if the name does not show it. */
export function label({ address, kind }: Cluster['nodes'][number], deployment: string): string {
  const name = address.startsWith(`${deployment}/`) ? address.slice(deployment.length + 1) : address
  return name === kind ? name : `${name} (${kind})`
}
