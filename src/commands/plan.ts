import { resolve } from 'node:path'
import type { Session } from '../session/session.ts'
import { planExitCode } from './exitCode.ts'
import { stdout } from './files/page.ts'
import { type PlannedRun, planAll } from './planAll.ts'
import { demandOneForm, type PlanForms, showPlan } from './planFile/forms.ts'
import { planText, savePlan } from './planFile/saved.ts'

export interface PlanArguments extends PlanForms {
  /** Where to save the plan, for `hma apply FILE`. */
  readonly out?: string
  readonly detailedExitcode?: boolean
}

interface Place {
  /** The folder that relative paths start from. */
  readonly directory: string
  open(): Promise<Session>
}

/** `hma plan`: shows the changes and makes none. */
export async function plan({ open, directory }: Place, { detailedExitcode = false, ...asked }: PlanArguments): Promise<number> {
  demandOneForm(asked)
  const session = await open()
  const plannedRun = await planAll(session, {})
  const { file, failed } = plannedRun
  if (asked.out === stdout) session.view.text(planText(file))
  else await showPlan({ view: session.view, directory }, plannedRun, asked)
  if (asked.out !== undefined && asked.out !== stdout)
    await toFile(session, plannedRun, { name: asked.out, path: resolve(directory, asked.out) })
  const changes = file.deployments.flatMap((deployment) => deployment.changes)
  return planExitCode(changes, failed, detailedExitcode)
}

/** A file as named, and its absolute path. */
interface Named {
  readonly name: string
  readonly path: string
}

async function toFile({ view }: Session, { file, failed }: PlannedRun, { name, path }: Named): Promise<void> {
  if (failed > 0) return view.note(`No plan was saved to ${name}: some deployments could not be read.`)
  await savePlan(file, path)
  view.note(`Plan saved to ${name}. \`hma apply ${name}\` applies exactly this, or refuses if anything has changed.`)
}
