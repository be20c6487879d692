import { resolve } from 'node:path'
import { HmaError } from '../../core/errors.ts'
import type { Statuses } from '../../views/status/model.ts'
import type { View } from '../../views/view.ts'
import { replaceFile } from '../files/replace.ts'

/** The format of a report. */
export interface Forms {
  readonly json: boolean
  /** Print it for Prometheus. */
  readonly metrics?: boolean
  /** Where to write it as a page. */
  readonly html?: string
}

export function refuseBoth({ json, metrics }: Forms): void {
  if (json && metrics) throw new HmaError('HMA112', 'Choose --json or --metrics', { hint: 'Leave out --json or --metrics.' })
}

export async function report(view: View, statuses: Statuses, { metrics, html }: Forms, directory: string): Promise<void> {
  if (metrics) view.text((await import('../../views/status/metrics.ts')).statusMetrics(statuses))
  else view.statuses(statuses)
  if (html === undefined) return
  const { statusHtml } = await import('../../views/status/html.ts')
  await replaceFile(resolve(directory, html), statusHtml(statuses), 'page')
  view.note(`The report is in ${html}. Open it in a browser.`)
}
