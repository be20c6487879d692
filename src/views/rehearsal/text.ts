import type { DeploymentReport, RehearsalReport } from '../../rehearsal/report.ts'
import { harmless, paragraph } from '../terminal/line.ts'
import { date, linesOf, rightsTexts, runText, taskText, verdicts } from './facts.ts'

const width = 80
const room = 10

/** The report of `hma rehearse` on one screen. */
export const rehearsalText = ({ takenAt, deployments }: RehearsalReport): string =>
  [`Rehearsal on a copy of ${date(takenAt)}. Nothing was written to Azure.`, ...deployments.flatMap(block)]
    .map((line) => `${line}\n`)
    .join('')

function block(report: DeploymentReport): readonly string[] {
  const { name, verdict, person, rights, assumptions, year } = report
  const lines = linesOf(report).flatMap(({ name: what, ok, text, details }) => [
    ...beside(`  ${ok ? 'ok  ' : 'FAIL'} ${what}`, text),
    ...details.flatMap((detail) => indented(detail)),
  ])
  return [
    '',
    `${harmless(name)}: ${verdicts[verdict]}`,
    ...lines,
    ...titled(
      'Calendar',
      year.runs.map((run) => `${date(run.at)}  ${runText(run)}`),
    ),
    ...titled('Manual action needed', person.map(taskText)),
    ...titled('Rights', rightsTexts(rights, false)),
    ...titled('Assumptions', assumptions),
  ]
}

const titled = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [`  ${title}:`, ...items.flatMap((item) => paragraph(harmless(item), width, 4))]

const indented = (text: string): readonly string[] => paragraph(harmless(text), width, room + 5)

function beside(head: string, text: string): readonly string[] {
  const [first = '', ...more] = indented(text)
  return [`${head.padEnd(room + 5)}${first.trimStart()}`, ...more]
}
