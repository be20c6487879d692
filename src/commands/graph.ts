import { graph as edges, upstream } from '../core/graph.ts'
import type { Session } from '../session/session.ts'
import { type Cluster, type Format, graphText } from '../views/graph/text.ts'
import { exit } from './exitCode.ts'

/** `hma graph`: what follows what. It reads the configuration alone. */
export async function graph(session: Session, { format }: { readonly format: Format | 'svg' }): Promise<number> {
  const deployments = session.targets.map(({ name, nodes }) => {
    edges(nodes)
    return { name, nodes: nodes.map((node) => ({ address: node.address, kind: node.kind, after: upstream(node) })) }
  })
  session.view.text(format === 'svg' ? await picture(deployments) : graphText(deployments, format))
  return session.unusable > 0 ? exit.failed : exit.done
}

async function picture(deployments: readonly Cluster[]): Promise<string> {
  const { graphPicture } = await import('../views/graph/layout.ts')
  return graphPicture(deployments)
}
