import { harmless } from './line.ts'

/** A mistake at its place. */
interface Mistake {
  readonly severity: 'error' | 'warning'
  /** Relative to the repository. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
  readonly message: string
  readonly hint?: string
}

/**
 * A mistake as GitHub shows it beside the line of a pull request:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
 */
export function annotation({ severity, file, line, column, length, message, hint }: Mistake): string {
  const place = { file, line, col: column, endColumn: column + Math.max(1, length), title: 'hma' }
  const properties = Object.entries(place).map(([name, value]) => `${name}=${property(harmless(String(value)))}`)
  return `::${severity} ${properties.join(',')}::${data(harmless(hint === undefined ? message : `${message} ${hint}`))}\n`
}

const data = (text: string): string => text.replace(/[%\r\n]/g, (one) => encodeURIComponent(one))

const property = (text: string): string => text.replace(/[%\r\n:,]/g, (one) => encodeURIComponent(one))
