import { graph as edges, upstream } from '../core/graph.ts'
import type { Session } from '../session/session.ts'
import { type Cluster, type Format, graphText } from '../views/graph/text.ts'
import { exit } from './exitCode.ts'

interface GraphArguments {
  readonly format: Format | 'svg'
  /** As data: by deployment, each resource with its predecessors. */
  readonly json: boolean
}

/** `hma graph`: the dependency graph, from the configuration alone. */
export async function graph(session: Session, { format, json }: GraphArguments): Promise<number> {
  const deployments = session.targets.map(({ name, nodes }) => {
    edges(nodes)
    return { name, nodes: nodes.map((node) => ({ address: node.address, kind: node.kind, after: upstream(node) })) }
  })
  if (json) session.view.result(Object.fromEntries(deployments.map(({ name, nodes }) => [name, nodes])), '')
  else session.view.text(format === 'svg' ? await picture(deployments) : graphText(deployments, format))
  return session.unusable > 0 ? exit.failed : exit.done
}

async function picture(deployments: readonly Cluster[]): Promise<string> {
  const { graphPicture } = await import('../views/graph/layout.ts')
  return graphPicture(deployments)
}
