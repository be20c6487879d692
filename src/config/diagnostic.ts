import type { ErrorCode } from '../core/errorCodes.ts'
import { HmaError } from '../core/errors.ts'
import { frame, visible } from './read/frame.ts'

/** One mistake in a configuration. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Relative to the working directory if below it. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1, in UTF-16 units, as editors count. */
  readonly column: number
  /** In UTF-16 units, on this line only. */
  readonly length: number
  readonly code: ErrorCode
  readonly message: string
  /** What to write instead, or what to do next. */
  readonly hint?: string
  /** The line of text, with secrets masked. */
  readonly source?: string
}

/** For a terminal: place, message, line, caret and hint. No newline at the end. */
export function render(diagnostic: Diagnostic): string {
  const { severity, file, line, column, code, message, hint } = diagnostic
  return [
    visible(`${file}:${line}:${column} ${severity} ${message} [${code}]`),
    ...frame(diagnostic),
    ...(hint === undefined ? [] : [`  ${visible(hint)}`]),
  ].join('\n')
}

/** The configuration has errors, so nothing else is done. The message contains every diagnostic. */
export class ConfigurationInvalid extends HmaError {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    const absent = diagnostics.length > 0 && diagnostics.every(({ code }) => code === 'HMA110')
    const title = absent ? 'The configuration cannot be read.' : 'The configuration is not valid.'
    super(absent ? 'HMA110' : 'HMA101', `${title}\n\n${diagnostics.map(render).join('\n\n')}`, { whole: true })
    this.diagnostics = diagnostics
  }
}
