import type { Check } from '../core/kind.ts'
import { harmless, pad, paragraph, width } from './terminal/line.ts'
import { remarksText } from './terminal/remarksText.ts'
import type { Style } from './terminal/style.ts'
import type { Proof } from './view.ts'
import { whereLines } from './where.ts'

/** What `hma verify` found, for people: a line per step, the remedy under each failure, and a closing sentence. */
export function proofText(proofs: Readonly<Record<string, Proof>>, style: Style): readonly string[] {
  return Object.entries(proofs).flatMap(([name, { where, checks, remarks = [] }], index) => [
    ...(index > 0 ? [''] : []),
    style.paint.bold(harmless(name)),
    ...whereLines(where, style),
    ...checks.flatMap((check) => checkText(check, Math.max(...checks.map((one) => width(one.name))), style)),
    ...remarksText(remarks, name, style),
    '',
    ...paragraph(ending(checks), style.columns, 2).map(style.paint.bold),
  ])
}

/** What `hma doctor` found, for people, group by group. */
export const diagnosisText = (groups: Readonly<Record<string, readonly Check[]>>, style: Style): readonly string[] => {
  const all = Object.values(groups).flat()
  const room = Math.max(...all.map(({ name }) => width(name)))
  const count = all.filter(({ status }) => status === 'failed').length
  return [
    ...Object.entries(groups).flatMap(([name, checks]) => [
      style.paint.bold(harmless(name)),
      ...checks.flatMap((check) => checkText(check, room, style)),
      '',
    ]),
    style.paint.bold(
      count === 0 ? 'Nothing is missing.' : `${count} ${count === 1 ? 'finding needs' : 'findings need'} attention.`,
    ),
  ]
}

function checkText({ name, status, detail, hint }: Check, room: number, style: Style): readonly string[] {
  const margin = room + 6
  const { paint, signs } = style
  const sign = {
    passed: paint.green(signs.done),
    failed: paint.red(signs.failed),
    warning: paint.yellow('!'),
    skipped: paint.dim('-'),
  }[status]
  const [first = '', ...more] = paragraph(detail, style.columns, margin)
  const shown = status === 'skipped' ? paint.dim : (text: string) => text
  return [
    `  ${sign} ${pad(harmless(name), room)}  ${shown(first.trimStart())}`,
    ...more.map(shown),
    ...(hint === undefined ? [] : paragraph(hint, style.columns, margin).map(paint.cyan)),
  ]
}

const obstacles: ReadonlySet<string> = new Set(['clock', 'ownSignIn', 'ownReads'])

function ending(checks: readonly Check[]): string {
  const count = (status: Check['status']): number => checks.filter((one) => one.status === status).length
  const parts = [
    `${count('passed')} passed`,
    ...(['failed', 'warning', 'skipped'] as const).flatMap((status) =>
      count(status) > 0 ? [`${count(status)} ${status === 'warning' && count(status) > 1 ? 'warnings' : status}`] : [],
    ),
  ].join(', ')
  const failed = checks.filter(({ status }) => status === 'failed')
  // What keeps hma from trying says nothing about Dynamics.
  if (failed.length > 0)
    return `${parts}: ${failed.every(({ name }) => obstacles.has(name)) ? 'sign-in is not proven' : 'sign-in is broken'}.`
  return count('skipped') > 0 ? `${parts}: the skipped steps are not proven.` : `${parts}: sign-in works.`
}
