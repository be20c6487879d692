import type { Session } from '../session.ts'
import { planExitCode } from './exitCode.ts'
import { planAll } from './planAll.ts'
import { savePlan } from './savedPlan.ts'

export interface PlanArguments {
  /** Where to save the plan, for `hma apply FILE`. */
  readonly out?: string
  readonly detailedExitcode?: boolean
}

/** `hma plan`: what is to be done, and nothing done. */
export async function plan(session: Session, { out, detailedExitcode = false }: PlanArguments): Promise<number> {
  const { file, failed } = await planAll(session, {})
  session.view.plan(file)
  if (out !== undefined && failed === 0) {
    await savePlan(file, out)
    session.view.note(`The plan is in ${out}. \`hma apply ${out}\` carries out exactly this, or refuses if the world has moved.`)
  } else if (out !== undefined) session.view.note(`No plan was written to ${out}: not every deployment could be surveyed.`)
  const changes = file.deployments.flatMap((deployment) => deployment.changes)
  return planExitCode(changes, failed, detailedExitcode)
}
