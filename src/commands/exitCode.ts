import { blocks, type Change, feasible } from '../core/plan.ts'

/** The exit codes, which pipelines rely on. */
export const exit = { done: 0, failed: 1, pending: 2, person: 3, interrupted: 130 } as const

export interface Ending {
  readonly failed: number
  readonly waiting: number
  readonly interrupted: boolean
}

/** The exit code after changes were carried out. */
export function exitCode({ failed, waiting, interrupted }: Ending): number {
  if (interrupted) return exit.interrupted
  if (failed > 0) return exit.failed
  return waiting > 0 ? exit.person : exit.done
}

/**
 * The exit code of a plan. Manual action is needed *first* if a change blocks its deployment, or if nothing is
 * left but what a person does and what follows; a pending consent next to other changes is no obstacle yet.
 */
export function planExitCode(changes: readonly Change[], failed: number, detailed: boolean): number {
  const todo = feasible(changes).length
  if (failed > 0) return exit.failed
  if (changes.some(blocks) || (todo === 0 && changes.some(({ action }) => action === 'manual'))) return exit.person
  return detailed && todo > 0 ? exit.pending : exit.done
}
