import type treeSitter from '@vscode/tree-sitter-wasm'

/** Nodes of the grammar of PowerShell. */
export type Node = treeSitter.Node

/** An expression alone keeps its value as it is; only what comes out of a command, or down a pipeline, is taken apart. */
export const isPlain = (node: Node): boolean =>
  node.namedChildCount === 1 && !['command', 'assignment_expression'].includes(only(node).type)

export const unquoted = (text: string): string => text.slice(1, -1).replace(/['\u2018-\u201b](['\u2018-\u201b])/g, '$1')

export const parts = (node: Node, type: string): readonly Node[] =>
  node.namedChildren.flatMap((child) => (child?.type === type ? [child] : []))

export function part(node: Node, type: string): Node {
  const [found] = parts(node, type)
  if (!found) throw new Error(`no ${type} in ${node.text}`)
  return found
}

export const first = (node: Node): Node => node.namedChildren[0] ?? fail(node)
export const last = (node: Node): Node => node.namedChildren.at(-1) ?? fail(node)
export const only = (node: Node): Node => first(node)

function fail(node: Node): never {
  throw new Error(`nothing in ${node.text}`)
}

/** Down to where there is more than one thing. */
export function narrowed(node: Node): Node {
  const [child] = node.children
  return child && node.childCount === 1 && child.isNamed ? narrowed(child) : node
}
