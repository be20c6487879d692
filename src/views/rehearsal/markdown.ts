import type { DeploymentReport, RehearsalReport } from '../../rehearsal/report.ts'
import { prose } from '../markdown.ts'
import { date, linesOf, rightsTexts, runText, taskText, verdicts } from './facts.ts'

/** The report as a comment for a pull request. */
export const rehearsalMarkdown = ({ takenAt, deployments }: RehearsalReport): string =>
  [`### hma rehearse`, '', `On a copy of ${date(takenAt)}; nothing was written to Azure.`, ...deployments.flatMap(block)]
    .map((line) => `${line}\n`)
    .join('')

function block(report: DeploymentReport): readonly string[] {
  const { name, verdict, year, person, rights, assumptions } = report
  const rows = linesOf(report).map(({ name: what, ok, text, details }) => {
    const all = [text, ...details].map(prose).join('<br>')
    return `| ${ok ? '✅' : '❌'} ${what} | ${all} |`
  })
  return [
    ...['', `#### ${prose(name)}: ${verdicts[verdict]}`, '', '| | |', '|---|---|', ...rows],
    ...list(
      'Calendar',
      year.runs.map((run) => `${date(run.at)}: ${runText(run)}`),
    ),
    ...list('Manual action needed', person.map(taskText)),
    ...list('Rights', rightsTexts(rights, false)),
    ...list('Assumptions', assumptions),
  ]
}

const list = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : ['', `**${title}**`, '', ...items.map((item) => `- ${prose(item)}`)]
