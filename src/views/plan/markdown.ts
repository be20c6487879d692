import type { Change } from '../../core/plan.ts'
import { type DeploymentPlan, type PlanFile, summarize } from '../../core/planFile.ts'
import type { Remark } from '../../core/remark.ts'
import { block, code, prose } from '../markdown.ts'
import { warningsFirst } from '../terminal/remarksText.ts'
import { style } from '../terminal/style.ts'
import { whereText } from '../where.ts'
import { isFresh, reasonOf, sign, titled } from './changeText.ts'
import { countsOf, hasContent, planOutcome, saidOnce } from './text.ts'
import { isInformative, localAddress, shown } from './value.ts'

/** GitHub allows 65,536 characters (https://docs.github.com/rest/issues/comments); the rest is room for text added around it. */
const most = 64_000
/** The share of the table. */
const forTable = 24_000

/**
 * A plan as a comment on a pull request: a table of all, and each deployment folded. What does not fit is counted. `failed` is the number of deployments that could
 * not be surveyed.
 */
export function planMarkdown(plan: PlanFile, failed: number): string {
  const changing = plan.deployments.filter(({ changes }) => changes.some(({ action }) => action !== 'none'))
  const eventful = plan.deployments.filter(hasContent)
  const alarm = failed > 0 ? [`**${some(failed, 'deployment')} could not be read: see the log.**`, ''] : []
  const beginning = [
    `**${planOutcome(plan, 'apply')}**`,
    '',
    ...alarm,
    ...table(changing, plan.deployments.length - changing.length),
  ]
  const end = `Digest of this plan: ${code(plan.digest)}`
  const room = most - [...beginning, end].join('\n').length - 200
  const told = fitting(eventful.map(deployment), room)
  const left = eventful.length - told.length
  const more =
    left === 0 ? [] : [`The changes of ${some(left, 'more deployment')} do not fit here: ${code('hma plan')} shows them.`, '']
  return `${[...beginning, ...told, ...more, end].join('\n')}\n`
}

const some = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** As many of the first ones as fit. */
function fitting(texts: readonly string[], room: number): readonly string[] {
  let left = room
  const end = texts.findIndex((text) => {
    left -= text.length + 1
    return left < 0
  })
  return end < 0 ? texts : texts.slice(0, end)
}

function table(eventful: readonly DeploymentPlan[], calm: number): readonly string[] {
  const rows = eventful.map(({ name, changes }) => {
    const { create, update, adopt, remove, manual, none } = summarize([{ name, changes }])
    return `| ${[code(name), ...[create, update, adopt, remove, manual, none].map(String)].join(' | ')} |`
  })
  const kept = fitting(rows, forTable)
  const others = [
    ...(kept.length < rows.length ? [`And ${some(rows.length - kept.length, 'deployment')} more with changes.`] : []),
    ...(calm > 0 ? [`${some(calm, 'deployment')} without a change.`] : []),
  ]
  const head = ['| deployment | create | update | adopt | remove | manual | unchanged |', '|---|--:|--:|--:|--:|--:|--:|']
  return [...(kept.length > 0 ? [...head, ...kept, ''] : []), ...(others.length > 0 ? [others.join(' '), ''] : [])]
}

function deployment({ name, where, changes, remarks = [] }: DeploymentPlan): string {
  const todo = saidOnce(changes.filter(({ action }) => action !== 'none'))
  const counts = [...countsOf(summarize([{ name, changes }])), ...remarkCount(remarks)].join(', ')
  const tasks = todo.flatMap((change) =>
    change.instructions === undefined ? [] : [`**${code(titled(change, name))}**`, '', block(change.instructions), ''],
  )
  const isUrgent = tasks.length > 0 || remarks.some(({ severity }) => severity === 'warning')
  return [
    `<details${isUrgent ? ' open' : ''}><summary>${code(name)}: ${counts}</summary>`,
    '',
    ...(where ? [prose(whereText(where)), ''] : []),
    ...changeTable(todo, name),
    ...tasks,
    ...remarkList(remarks, name),
    '</details>',
    '',
  ].join('\n')
}

const remarkCount = ({ length }: readonly Remark[]): readonly string[] => (length === 0 ? [] : [some(length, 'remark')])

const changeTable = (todo: readonly Change[], name: string): readonly string[] =>
  todo.length === 0
    ? []
    : ['| | resource | why | what |', '|---|---|---|---|', ...todo.map((change) => `| ${cells(change, name).join(' | ')} |`), '']

/** Each on a line of its own, with its hint. */
const remarkList = (remarks: readonly Remark[], name: string): readonly string[] =>
  remarks.length === 0
    ? []
    : [
        ...warningsFirst(remarks).map(({ address, severity, text, hint }) => {
          const said = [text, ...(hint === undefined ? [] : [hint])].map(prose).join(' ')
          return `- ${severity === 'warning' ? '**Warning:** ' : ''}${code(localAddress(address, name))}: ${said}`
        }),
        '',
      ]

const { signs } = style({ columns: 80, color: false, unicode: true })

const cells = (change: Change, name: string): readonly string[] => [
  code(sign(change.action, { signs })),
  code(titled(change, name)),
  prose(reasonOf(change)),
  what(change, name).map(code).join('<br>'),
]

/** Describes something new, or what differs. Values may have any length. */
function what(change: Change, name: string): readonly string[] {
  const differences = change.differences.filter(({ field }) => field !== 'exists')
  const lines = isFresh(change)
    ? differences.filter(({ to }) => isInformative(to)).map(({ field, to }) => `${field} ${shown(to, name)}`)
    : differences.map(({ field, from, to, why }) =>
        to === undefined && why !== undefined
          ? `${field} ${shown(from, name)}`
          : `${field} ${shown(from, name)} → ${shown(to, name)}`,
      )
  return lines.map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line))
}
