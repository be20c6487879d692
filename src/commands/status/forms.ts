import type { Statuses } from '../../views/status/model.ts'
import type { View } from '../../views/view.ts'
import { demandOneFormat, showWithPage } from '../files/page.ts'

/** The format of a report. */
export interface Forms {
  readonly json: boolean
  /** Print it for Prometheus. */
  readonly metrics?: boolean
  /** Where to write it as a page. */
  readonly html?: string
}

export const demandOneForm = ({ html, json, metrics }: Forms): void =>
  demandOneFormat(html, { '--json': json, '--metrics': metrics })

export async function report(view: View, statuses: Statuses, { metrics, html }: Forms, directory: string): Promise<void> {
  const print = metrics ? (await import('../../views/status/metrics.ts')).statusMetrics : undefined
  const page = async (): Promise<string> => (await import('../../views/status/html.ts')).statusHtml(statuses)
  await showWithPage(view, directory, { html, page, saved: `The report is in ${html}. Open it in a browser.` }, () =>
    print ? view.text(print(statuses)) : view.statuses(statuses),
  )
}
