import { diagnosticLines, harmless, paragraph } from '../terminal/line.ts'
import type { Style } from '../terminal/style.ts'
import type { ReportedFailure } from './failure.ts'

const margin = 7

/** The code follows the message; if a configuration's mistakes follow, it ends the first line. */
export function withCode(message: string, code: string | undefined): string {
  if (code === undefined) return message
  const [first = '', ...rest] = message.split('\n')
  return [`${first} [${code}]`, ...rest].join('\n')
}

/** A failure for people: `error`, what happened and where, and under it what to do. */
export function failureText(told: ReportedFailure, style: Style, verbose: boolean): readonly string[] {
  const where = told.addresses.length > 0 ? `${told.addresses.map(harmless).join(', ')}: ` : ''
  const what = withCode(told.bug ? `Unexpected error. This is a bug in hma. ${told.message}` : told.message, told.code)
  const [first = '', ...more] = told.oneLine
    ? [harmless(what)]
    : told.diagnostics
      ? diagnosticLines(what, style.screenColumns)
      : paragraph(where + what, style.columns, margin)
  return [
    `${style.paint.red('error')}  ${first.trimStart()}`,
    ...more,
    ...paragraph(told.bug ? reportIt : (told.hint ?? ''), style.columns, margin).filter((line) => line !== ''),
    ...(verbose && told.details !== undefined ? paragraph(told.details, style.columns, margin) : []),
    ...(told.bug && verbose ? paragraph(told.stack ?? '', style.columns, margin) : []),
  ]
}

const reportIt = 'Run the command again with --verbose, and report what it prints together with the output of `hma doctor`.'
