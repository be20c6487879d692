import { blocks, type Change, feasible } from '../core/plan.ts'

/** What the exit codes mean. They are part of the contract with pipelines. */
export const exit = { done: 0, failed: 1, pending: 2, person: 3, interrupted: 130 } as const

export interface Ending {
  readonly failed: number
  readonly waiting: number
  readonly interrupted: boolean
}

/** The exit code of what was carried out. */
export function exitCode({ failed, waiting, interrupted }: Ending): number {
  if (interrupted) return exit.interrupted
  if (failed > 0) return exit.failed
  return waiting > 0 ? exit.person : exit.done
}

/**
 * The exit code of a plan. A person has to act *first* where a change blocks its deployment, or where nothing is
 * left but what a person does and what comes after that; a consent that waits beside things to do is no hindrance yet.
 */
export function planExitCode(changes: readonly Change[], failed: number, detailed: boolean): number {
  const todo = feasible(changes).length
  if (failed > 0) return exit.failed
  if (changes.some(blocks) || (todo === 0 && changes.some(({ action }) => action === 'manual'))) return exit.person
  return detailed && todo > 0 ? exit.pending : exit.done
}
