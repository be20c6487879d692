import { colors } from '../html/page.ts'
import { graphCss, graphSvg } from './svg.ts'
import { type Cluster, label } from './text.ts'

/** The dependency graph as a standalone picture for light and dark backgrounds. */
export function graphPicture(clusters: readonly Cluster[]): string {
  const vertices = clusters.flatMap(({ name, nodes }) =>
    nodes.map((node) => {
      const own = label(node, name)
      return { id: node.address, label: clusters.length > 1 ? `${name}/${own}` : own, after: node.after }
    }),
  )
  const names = clusters.map(({ name }) => name).join(', ')
  return `${graphSvg(vertices, `Dependencies of ${names}`, `${colors}${graphCss}.graph .none text { fill: var(--ink); }`).html}\n`
}
