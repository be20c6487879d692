import { resolve } from 'node:path'
import { HmaError } from '../../core/errors.ts'
import type { PlanFile } from '../../core/planFile.ts'
import type { View } from '../../views/view.ts'
import { replaceFile } from '../files/replace.ts'

/** In place of a file's name. */
export const stdout = '-'

/** The formats of a plan. */
export interface PlanForms {
  /** Print it as a comment for a pull request. */
  readonly markdown?: boolean
  /** Where to write it as a page. */
  readonly html?: string
  readonly json: boolean
}

export function demandOneForm({ json, markdown, html }: PlanForms): void {
  if (html === stdout && (json || markdown))
    throw new HmaError('HMA112', 'Only one format can go to stdout', { hint: 'Leave out --json and --markdown.' })
  if (json && markdown) throw new HmaError('HMA112', 'Choose --json or --markdown', { hint: 'Leave out --json or --markdown.' })
}

interface Shown {
  readonly file: PlanFile
  /** How many deployments are missing because they could not be read. */
  readonly failed: number
  /** The command that carries it out, if not just `hma apply`. */
  readonly next?: string
}

/** Shows a plan that `hma plan` made or `hma show` read back. */
export async function showPlan(
  { view, directory }: { readonly view: View; readonly directory: string },
  { file, failed, next }: Shown,
  { markdown, html }: PlanForms,
): Promise<void> {
  if (html === stdout) return view.text((await import('../../views/plan/html.ts')).planHtml(file, failed))
  if (markdown) view.text((await import('../../views/plan/markdown.ts')).planMarkdown(file, failed))
  else view.plan(file, next)
  if (html === undefined) return
  const { planHtml } = await import('../../views/plan/html.ts')
  await replaceFile(resolve(directory, html), planHtml(file, failed), 'page')
  view.note(`Plan saved to ${html}. Open it in a browser.`)
}
