import { HmaError } from '../../core/errors.ts'
import type { Node } from '../../core/kind.ts'
import type { ActualState } from '../../core/survey.ts'

/** What `hma rotate` can replace. */
export const rotatable = ['certificate', 'clientSecret'] as const

export type Rotatable = (typeof rotatable)[number]

/** The node's field that names the one in use, and the kinds involved in replacing it. */
const parts = {
  certificate: { field: 'thumbprint', kinds: ['certificateRequest', 'certificate'] },
  clientSecret: { field: 'keyId', kinds: ['clientSecret'] },
} as const satisfies Record<Rotatable, { field: string; kinds: readonly string[] }>

/**
 * The same nodes, except that the certificate or client secret has to be another one than now. Pure.
 *
 * So a rotation is a desired state like any other: due until the one that was seen has been replaced.
 */
export function rotated(nodes: readonly Node[], what: Rotatable, actual: ActualState): readonly Node[] {
  const { field, kinds } = parts[what]
  const target = nodes.find(({ kind }) => kind === what)
  const present = target && actual.get(target.address)?.[field]
  if (present === undefined)
    throw new HmaError('HMA126', `${target?.address ?? what}: none is in use yet`, {
      hint: '`hma apply` creates the first one.',
    })
  const concerned: readonly string[] = kinds
  return nodes.map((node) => (concerned.includes(node.kind) ? { ...node, spec: { ...node.spec, otherThan: present } } : node))
}
