import { graphlib, layout } from '@dagrejs/dagre'
import { type Html, html } from './html.ts'
import { width } from './line.ts'

/** What is drawn as a box: what it follows stands to its left. */
export interface Vertex {
  readonly id: string
  readonly label: string
  /** Ids. */
  readonly after: readonly string[]
  /** A class of the page's style. */
  readonly tone?: string
}

const fontSize = 13
const margin = 8

/** A dependency graph as a picture, of the size that it needs. A reader that does not see gets it as `label` and as a list. */
export function graphSvg(vertices: readonly Vertex[], label: string): Html {
  const drawn: Drawing = new graphlib.Graph()
  drawn.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 44, marginx: margin, marginy: margin })
  for (const { id, label } of vertices) drawn.setNode(id, { width: width(label) * fontSize * 0.62 + 24, height: 32 })
  for (const [from, to] of shortest(vertices)) drawn.setEdge(from, to, {})
  layout(drawn)
  const { width: wide = 0, height: high = 0 } = drawn.graph()
  const edges = drawn.edges().map((edge) => line(drawn.edge(edge).points))
  return html`<svg class="graph" xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(wide)}" height="${Math.ceil(high)}" viewBox="0 0 ${Math.ceil(wide)} ${Math.ceil(high)}" role="img" aria-label="${`${label}: ${inWords(vertices)}`}">
${edges}
${vertices.map((vertex) => box(vertex, drawn.node(vertex.id)))}
</svg>`
}

/** The edges without those that others imply. */
function shortest(vertices: readonly Vertex[]): readonly (readonly [string, string])[] {
  const before = new Map(vertices.map(({ id, after }) => [id, after.filter((one) => vertices.some((other) => other.id === one))]))
  const leads = (from: string, to: string): boolean => from === to || (before.get(to) ?? []).some((one) => leads(from, one))
  return [...before].flatMap(([id, after]) =>
    after.filter((one) => !after.some((other) => other !== one && leads(one, other))).map((one) => [one, id] as const),
  )
}

/** As much of dagre's graph as is used; its own types are not found from a module. */
interface Drawing {
  setGraph(how: Readonly<Record<string, string | number>>): unknown
  setNode(id: string, size: { readonly width: number; readonly height: number }): unknown
  setEdge(from: string, to: string, label: object): unknown
  graph(): { readonly width?: number; readonly height?: number }
  node(id: string): Point & { readonly width: number; readonly height: number }
  edges(): readonly object[]
  edge(edge: object): { readonly points: readonly Point[] }
}

interface Point {
  readonly x: number
  readonly y: number
}

function box({ label, tone = 'none' }: Vertex, at: Point & { readonly width: number; readonly height: number }): Html {
  const [x, y] = [at.x - at.width / 2, at.y - at.height / 2].map(round)
  return html`<g class="box ${tone}"><rect x="${x}" y="${y}" width="${round(at.width)}" height="${at.height}" rx="6"/><text x="${round(at.x)}" y="${round(at.y + 4.5)}" text-anchor="middle">${label}</text></g>`
}

/** Through the points that the layout gives, and an arrow head where it ends. */
function line(points: readonly Point[]): Html {
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`
  const [first = { x: 0, y: 0 }, ...rest] = points
  const last = rest.at(-1) ?? first
  const middles = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last
    const end = index === rest.length - 2 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q ${at(point)} ${at(end)}`
  })
  const head = `M ${at({ x: last.x - 6, y: last.y - 4 })} L ${at(last)} L ${at({ x: last.x - 6, y: last.y + 4 })}`
  return html`<path class="edge" d="M ${at(first)} ${middles.join(' ')}"/><path class="edge" d="${head}"/>`
}

const round = (value: number): number => Math.round(value * 10) / 10

const inWords = (vertices: readonly Vertex[]): string =>
  vertices
    .map(({ label, after }) => {
      const names = vertices.filter(({ id }) => after.includes(id)).map((one) => one.label)
      return names.length === 0 ? label : `${label} after ${names.join(', ')}`
    })
    .join('; ')

/** How it looks; `var()` is what the page, or a file of its own, says. */
export const graphCss = `
.graph text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); }
.graph rect { fill: var(--card); stroke: var(--none); stroke-width: 1.5; }
.graph .edge { fill: none; stroke: var(--faint); stroke-width: 1.2; }
.graph .create rect { stroke: var(--create); } .graph .update rect { stroke: var(--update); } .graph .adopt rect { stroke: var(--adopt); }
.graph .remove rect { stroke: var(--remove); } .graph .manual rect { stroke: var(--manual); stroke-dasharray: 5 3; }
.graph .none text { fill: var(--faint); }
`
