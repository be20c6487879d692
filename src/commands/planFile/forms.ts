import type { PlanFile } from '../../core/planFile.ts'
import type { View } from '../../views/view.ts'
import { demandOneFormat, showWithPage } from '../files/page.ts'

/** The formats of a plan. */
export interface PlanForms {
  /** Print it as a comment for a pull request. */
  readonly markdown?: boolean
  /** Where to write it as a page. */
  readonly html?: string
  readonly json: boolean
}

export const demandOneForm = ({ html, json, markdown }: PlanForms): void =>
  demandOneFormat(html, { '--json': json, '--markdown': markdown })

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
  const print = markdown ? (await import('../../views/plan/markdown.ts')).planMarkdown : undefined
  const page = async (): Promise<string> => (await import('../../views/plan/html.ts')).planHtml(file, failed)
  await showWithPage(view, directory, { html, page, saved: `Plan saved to ${html}. Open it in a browser.` }, () =>
    print ? view.text(print(file, failed)) : view.plan(file, next),
  )
}
