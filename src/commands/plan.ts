import { resolve } from 'node:path'
import { HmaError } from '../core/errors.ts'
import type { Session } from '../session.ts'
import { planExitCode } from './exitCode.ts'
import { type Foreseen, planAll } from './planAll.ts'
import { replaceFile } from './replaceFile.ts'
import { savePlan } from './savedPlan.ts'

export interface PlanArguments {
  /** Where to save the plan, for `hma apply FILE`. */
  readonly out?: string
  readonly detailedExitcode?: boolean
  /** Print it as a comment on a pull request. */
  readonly markdown?: boolean
  /** Where to write it as a page. */
  readonly html?: string
  readonly json: boolean
}

interface Place {
  /** Where relative paths start. */
  readonly directory: string
  open(): Promise<Session>
}

/** `hma plan`: what is to be done, and nothing done. */
export async function plan({ open, directory }: Place, { detailedExitcode = false, ...asked }: PlanArguments): Promise<number> {
  if (asked.json && asked.markdown)
    throw new HmaError('HMA112', 'A plan is printed as JSON or as Markdown', { hint: 'Leave out --json or --markdown.' })
  const session = await open()
  const foreseen = await planAll(session, {})
  const { file, failed } = foreseen
  if (asked.markdown) session.view.text((await import('../views/planMarkdown.ts')).planMarkdown(file, failed))
  else session.view.plan(file)
  if (asked.html !== undefined) await toPage(session, foreseen, { name: asked.html, path: resolve(directory, asked.html) })
  if (asked.out !== undefined) await toFile(session, foreseen, { name: asked.out, path: resolve(directory, asked.out) })
  const changes = file.deployments.flatMap((deployment) => deployment.changes)
  return planExitCode(changes, failed, detailedExitcode)
}

/** A file as it was named, and where it is. */
interface Named {
  readonly name: string
  readonly path: string
}

async function toPage({ view }: Session, { file, failed }: Foreseen, { name, path }: Named): Promise<void> {
  const { planHtml } = await import('../views/planHtml.ts')
  await replaceFile(path, planHtml(file, failed), 'page')
  view.note(`The plan is in ${name}, to be read in a browser.`)
}

async function toFile({ view }: Session, { file, failed }: Foreseen, { name, path }: Named): Promise<void> {
  if (failed > 0) return view.note(`No plan was written to ${name}: not every deployment could be surveyed.`)
  await savePlan(file, path)
  view.note(`The plan is in ${name}. \`hma apply ${name}\` carries out exactly this, or refuses if the world has moved.`)
}
