import { graphlib, layout } from '@dagrejs/dagre'
import { type Html, html } from '../html/html.ts'
import { width } from '../terminal/line.ts'

/** A box, drawn to the right of its dependencies. */
export interface Vertex {
  readonly id: string
  readonly label: string
  /** Ids of its dependencies. */
  readonly after: readonly string[]
  /** A class of the page's style. */
  readonly tone?: string
}

const fontSize = 13
const margin = 8

/**
 * A dependency graph as a picture, sized to its content. Screen readers get it as text, after `label`. `css` is for a standalone picture.
 */
export function graphSvg(vertices: readonly Vertex[], label: string, css?: string): Html {
  const drawn: Drawing = new graphlib.Graph()
  drawn.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 44, marginx: margin, marginy: margin })
  for (const { id, label } of vertices) drawn.setNode(id, { width: width(label) * fontSize * 0.62 + 24, height: 32 })
  for (const [from, to] of shortest(vertices)) drawn.setEdge(from, to, {})
  layout(drawn)
  const { width: wide = 0, height: high = 0 } = drawn.graph()
  // The first and the last point lie on the boxes; the one between adjacent ranks adds nothing.
  const edges = drawn.edges().map((edge) => {
    const { points } = drawn.edge(edge)
    return line(drawn.node(edge.v), points.length > 3 ? points.slice(1, -1) : [], drawn.node(edge.w))
  })
  return html`<svg class="graph" xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(wide)}" height="${Math.ceil(high)}" viewBox="0 0 ${Math.ceil(wide)} ${Math.ceil(high)}" role="img" aria-label="${`${label}: ${inWords(vertices)}`}">
${css === undefined ? undefined : { html: `<style>${css}</style>` }}
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

/** The part of dagre's graph that is used; its own types do not resolve from an ES module. */
interface Drawing {
  setGraph(how: Readonly<Record<string, string | number>>): unknown
  setNode(id: string, size: { readonly width: number; readonly height: number }): unknown
  setEdge(from: string, to: string, label: object): unknown
  graph(): { readonly width?: number; readonly height?: number }
  node(id: string): Box
  edges(): readonly { readonly v: string; readonly w: string }[]
  edge(edge: object): { readonly points: readonly Point[] }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Centre and size. */
interface Box extends Point {
  readonly width: number
  readonly height: number
}

function box({ label, tone = 'none' }: Vertex, place: Box): Html {
  const [x, y] = [place.x - place.width / 2, place.y - place.height / 2].map(round)
  return html`<g class="box ${tone}"><rect x="${x}" y="${y}" width="${round(place.width)}" height="${place.height}" rx="6"/><text x="${round(place.x)}" y="${round(place.y + 4.5)}" text-anchor="middle">${label}</text></g>`
}

/** From the right side of a box to the left side of the next, horizontal at both ends and beside other boxes. */
function line(from: Box, through: readonly Point[], to: Box): Html {
  const end = { x: to.x - to.width / 2, y: to.y }
  const points = [{ x: from.x + from.width / 2, y: from.y }, ...through, end]
  const bends = points.slice(1).map((point, index) => {
    const before = points[index] ?? point
    const middle = (before.x + point.x) / 2
    return `C ${at({ x: middle, y: before.y })} ${at({ x: middle, y: point.y })} ${at(point)}`
  })
  const head = `M ${at({ x: end.x - 6, y: end.y - 4 })} L ${at(end)} L ${at({ x: end.x - 6, y: end.y + 4 })}`
  return html`<path class="edge" d="M ${at(points[0] ?? end)} ${bends.join(' ')} ${head}"/>`
}

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`

const round = (value: number): number => Math.round(value * 10) / 10

const inWords = (vertices: readonly Vertex[]): string =>
  vertices
    .map(({ label, after }) => {
      const names = vertices.filter(({ id }) => after.includes(id)).map((one) => one.label)
      return names.length === 0 ? label : `${label} after ${names.join(', ')}`
    })
    .join('; ')

/** The style; the page, or the standalone picture, defines each `var()`. */
export const graphCss = `
.graph text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); }
.graph rect { fill: var(--card); stroke: var(--none); stroke-width: 1.5; }
.graph .edge { fill: none; stroke: var(--faint); stroke-width: 1.2; }
.graph .create rect { stroke: var(--create); } .graph .update rect { stroke: var(--update); } .graph .adopt rect { stroke: var(--adopt); }
.graph .remove rect { stroke: var(--remove); } .graph .manual rect { stroke: var(--manual); stroke-dasharray: 5 3; }
.graph .none text { fill: var(--faint); }
`
