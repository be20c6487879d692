import { HmaError } from '../../core/errors.ts'
import type { Node } from '../../core/kind.ts'
import type { World } from '../../core/survey.ts'

/** What `hma rotate` can replace. */
export const rotatable = ['certificate', 'clientSecret'] as const

export type Rotatable = (typeof rotatable)[number]

/** Which field of the node names the one that is in use, and which kinds have a part in replacing it. */
const parts = {
  certificate: { field: 'thumbprint', kinds: ['certificateRequest', 'certificate'] },
  clientSecret: { field: 'keyId', kinds: ['clientSecret'] },
} as const satisfies Record<Rotatable, { field: string; kinds: readonly string[] }>

/**
 * The same nodes, in which the certificate or the client secret has to be another one than it is in this world. Pure.
 *
 * So a rotation is a state that is wanted, like any other: it is due until the one that was seen has been replaced, and no longer.
 */
export function rotated(nodes: readonly Node[], what: Rotatable, world: World): readonly Node[] {
  const { field, kinds } = parts[what]
  const target = nodes.find(({ kind }) => kind === what)
  const present = target && world.get(target.address)?.[field]
  if (present === undefined)
    throw new HmaError('HMA126', `${target?.address ?? what}: there is none in use yet to renew`, {
      hint: '`hma apply` creates the first one.',
    })
  const concerned: readonly string[] = kinds
  return nodes.map((node) => (concerned.includes(node.kind) ? { ...node, spec: { ...node.spec, otherThan: present } } : node))
}
