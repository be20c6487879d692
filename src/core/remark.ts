import { resolve } from './graph.ts'
import type { Address, Kinds, Node, Observation } from './kind.ts'
import { kindOf, type World } from './survey.ts'

export type Remark = Omit<Observation, 'about'> & { readonly address: Address }

/** Everything that the kinds remark on what was seen, each remark once. Pure, and no part of a plan's digest. */
export function remarksOn(nodes: readonly Node[], world: World, kinds: Kinds, now: Date): readonly Remark[] {
  const found = new Map<string, Remark>()
  for (const node of nodes) {
    const live = world.get(node.address)
    if (!live) continue
    const observations = kindOf(kinds, node).remarks?.(resolve(node, world).spec, live, now) ?? []
    for (const observation of observations) {
      const remark = addressed(observation, node.address)
      if (!found.has(remark.text)) found.set(remark.text, remark)
    }
  }
  return [...found.values()]
}

const addressed = ({ about, ...rest }: Observation, seenBy: Address): Remark => ({
  address: about === undefined ? seenBy : `${seenBy.slice(0, seenBy.lastIndexOf('/'))}/${about}`,
  ...rest,
})

/** The remarks whose date comes within so many milliseconds, or is past. */
export const dueWithin = (remarks: readonly Remark[], now: Date, within: number): readonly Remark[] =>
  remarks.filter(({ date }) => date !== undefined && Date.parse(date) - now.getTime() <= within)
