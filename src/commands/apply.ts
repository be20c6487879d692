import type { Session } from '../session.ts'
import { carryOut } from './carryOut.ts'
import { loadPlan } from './savedPlan.ts'

export interface ApplyArguments {
  /** A plan saved by `hma plan --out`: do exactly this, or refuse. */
  readonly planFile?: string
  readonly yes: boolean
  readonly quiet: boolean
}

/** `hma apply`: bring the world where the configuration wants it. */
export async function apply(session: Session, { planFile, yes, quiet }: ApplyArguments): Promise<number> {
  if (planFile === undefined) return carryOut(session, {}, { yes, quiet })
  return carryOut(session, {}, { yes, quiet, agreed: await loadPlan(planFile) })
}
