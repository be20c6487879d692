import { resolve } from './graph.ts'
import type { Address, Kinds, Node, Observation } from './kind.ts'
import { type ActualState, kindOf } from './survey.ts'

export type Remark = Omit<Observation, 'about'> & { readonly address: Address }

type Seen = { readonly actual: ActualState; readonly now: Date; readonly remarks?: readonly Remark[] }

/** All remarks of the reads and the kinds on what was seen, each once. Pure, and not part of a plan's digest. */
export function remarksOn(nodes: readonly Node[], kinds: Kinds, { actual, now, remarks = [] }: Seen): readonly Remark[] {
  const found = new Map(remarks.map((remark) => [remark.text, remark]))
  for (const node of nodes) {
    const live = actual.get(node.address)
    if (!live) continue
    const observations = kindOf(kinds, node).remarks?.(resolve(node, actual).spec, live, now) ?? []
    for (const remark of observations.map((one) => addressed(one, node.address)))
      if (!found.has(remark.text)) found.set(remark.text, remark)
  }
  return [...found.values()]
}

/** `seenBy` is the deployment, or a resource of it. */
export const addressed = ({ about, ...rest }: Observation, seenBy: Address): Remark => ({
  address: about === undefined ? seenBy : `${seenBy.split('/')[0]}/${about}`,
  ...rest,
})
