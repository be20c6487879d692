import type { HeldRight } from './format.ts'
import type { RehearsedRun } from './run.ts'

/** A right used by a write of the rehearsal, and whether the identity that took the copy has it. */
export interface UsedRight extends Omit<HeldRight, 'kinds'> {
  /** The addresses written with it. */
  readonly writes: readonly string[]
}

/** The rights, among those checked, that these runs used. */
export function usedRights(rights: readonly HeldRight[], runs: readonly RehearsedRun[]): readonly UsedRight[] {
  const written = [...new Set(runs.flatMap(({ changes }) => changes.map(({ address }) => address)))]
  return rights.flatMap(({ kinds, ...right }) => {
    const writes = written.filter((address) => kinds.includes(address.split('/')[1] ?? ''))
    return writes.length === 0 ? [] : [{ ...right, writes }]
  })
}
