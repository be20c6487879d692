import { isRef } from '../../core/graph.ts'
import type { Action, Change } from '../../core/plan.ts'
import { cut, harmless, pad, paragraph, width, wrap } from '../terminal/line.ts'
import type { Style } from '../terminal/style.ts'
import { isInformative, localAddress, shown } from './value.ts'

type Difference = Change['differences'][number]

/** One change of a plan: its headline, what differs, and what a person has to do. */
export function changeText(change: Change, deployment: string, style: Style, room: number): readonly string[] {
  return [
    ...headline(change, { name: titled(change, deployment), room }, style),
    ...details(change, deployment, style),
    ...(change.instructions === undefined ? [] : paragraph(change.instructions, style.columns, 6)),
  ]
}

function details(change: Change, deployment: string, style: Style): readonly string[] {
  const differences = change.differences.filter(({ field }) => field !== 'exists')
  if (isFresh(change)) return summaryFields(differences, deployment, style)
  const common = commonWhy(change)
  const room = Math.min(28, Math.max(0, ...differences.map(({ field }) => width(harmless(field)))))
  return differences.flatMap((one) => difference(one, { deployment, common, room }, style))
}

/** The name in its deployment, plus the kind if the name does not show it. */
export function titled({ address, kind }: Pick<Change, 'address' | 'kind'>, deployment: string): string {
  const name = localAddress(address, deployment)
  return name.split('/').at(-1) === kind ? name : `${name} (${harmless(kind)})`
}

/** The resource does not exist yet, so nothing can differ. */
export const isFresh = ({ action, differences }: Change): boolean =>
  action === 'create' || (action === 'manual' && differences.every(({ field, from }) => field === 'exists' || from === undefined))

/** A reason common to all differences, which the headline gives. */
export function commonWhy({ differences }: Change): string | undefined {
  const sayings = [...new Set(differences.flatMap(({ why }) => (why === undefined ? [] : [why])))]
  return sayings.length === 1 ? sayings[0] : undefined
}

/** The reason for a change, in words. */
export const reasonOf = (change: Change): string => harmless(commonWhy(change) ?? following(change) ?? words(change))

/** The resource itself has no difference: another one is being replaced. */
function following({ action, differences }: Change): string | undefined {
  const sources = differences.map(({ to }) => (isRef(to) ? to.$ref : ''))
  const [source = ''] = sources
  if (action !== 'update' || source === '' || sources.some((one) => one !== source)) return undefined
  return `follows ${source.slice(source.indexOf('/') + 1)}`
}

interface Title {
  readonly name: string
  readonly room: number
}

/** The name and the reason side by side, or one below the other if there is too little room. */
function headline(change: Change, { name, room }: Title, style: Style): readonly string[] {
  const { paint, columns } = style
  const mark = paint[colors[change.action]](sign(change.action, style))
  const reason = reasonOf(change)
  if (room + 36 > columns) return [`  ${mark} ${paint.bold(name)}`, ...paragraph(reason, columns, 6)]
  const [first = '', ...more] = wrap(reason, columns - room - 6)
  return [`  ${mark} ${paint.bold(pad(name, room))}  ${first}`, ...more.map((line) => ' '.repeat(room + 6) + line)]
}

const colors = { none: 'dim', create: 'green', update: 'yellow', adopt: 'cyan', remove: 'red', manual: 'magenta' } as const

export const sign = (action: Action, { signs }: Pick<Style, 'signs'>): string =>
  ({ none: ' ', create: '+', update: '~', adopt: signs.adopt, remove: '-', manual: '!' })[action]

function words({ action, reason = 'differs' }: Change): string {
  const manual = action === 'manual'
  return {
    missing: manual ? 'is missing' : 'new',
    differs: 'differs',
    expiring: 'expires soon',
    superseded: 'has a successor',
    unmarked: manual ? 'exists, not managed by hma' : 'exists, to be adopted',
    waiting: manual ? 'needs manual action' : 'not ready yet',
    requested: action === 'update' ? 'as asked' : 'to be removed',
  }[reason]
}

/** The few fields that describe what is created, in two lines at most. */
function summaryFields(
  differences: readonly Difference[],
  deployment: string,
  { columns, paint, signs }: Style,
): readonly string[] {
  const facts = differences
    .filter(({ to }) => isInformative(to))
    .map(({ field, to }) => `${harmless(field)} ${shown(to, deployment)}`)
  const lines: string[] = []
  for (const fact of facts) {
    const line = lines.at(-1)
    const longer = `${line} ${signs.dot} ${fact}`
    if (line !== undefined && width(longer) <= columns - 6) lines[lines.length - 1] = longer
    else lines.push(fact)
  }
  const [first = '', second = ''] = lines
  const kept = lines.length > 2 ? [first, `${second} ${signs.more}`] : lines
  return kept.map((line) => paint.dim(`      ${cut(line, columns - 6, signs.more)}`))
}

interface Place {
  readonly deployment: string
  /** What the headline already says. */
  readonly common: string | undefined
  readonly room: number
}

/** `field  from → to`, on two lines if one is too narrow. */
function difference({ field, from, to, why }: Difference, place: Place, { columns, paint, signs }: Style): readonly string[] {
  const name = `      ${pad(harmless(field), place.room)}`
  const remark = why === undefined || why === place.common ? '' : harmless(why)
  if (from === undefined && to === undefined) return remark === '' ? [] : [`${name}  ${remark}`]
  const [before, after] = [shown(from, place.deployment), shown(to, place.deployment)]
  const comment = remark === '' ? '' : ` ${paint.dim(`(${remark})`)}`
  // A value that comes from another resource need not have a known former value.
  // A value with a reason in words need not change: an expiry that comes near, for example.
  const isNew = from === undefined && isRef(to)
  const line = to === undefined && why !== undefined ? before : `${isNew ? '' : `${before} `}${signs.arrow} ${after}`
  if (width(`${name}  ${line}${remark === '' ? '' : ` (${remark})`}`) <= columns) return [`${name}  ${line}${comment}`]
  return spread({ name, before, after, remark }, { columns, paint, signs })
}

/** The same, one below the other; the values go below the name too, if they do not fit beside it. */
function spread(
  { name, before, after, remark }: Spread,
  { columns, paint, signs }: Omit<Style, 'repeat' | 'screenColumns'>,
): readonly string[] {
  const beside = width(name) + 2
  const isTight = `${before} ${signs.arrow} ${after}`.split(' ').some((word) => width(word) > columns - beside)
  const margin = isTight || beside + 24 > columns ? 8 : beside
  const hung = (text: string): readonly string[] =>
    wrap(text, Math.max(20, columns - margin)).map((one) => ' '.repeat(margin) + one)
  const [first = '', ...more] = hung(before)
  return [
    ...(margin === beside ? [`${name}  ${first.trimStart()}`] : [name.trimEnd(), first]),
    ...more,
    ...hung(`${signs.arrow} ${after}`),
    ...(remark === '' ? [] : hung(`(${remark})`).map(paint.dim)),
  ]
}

interface Spread {
  readonly name: string
  readonly before: string
  readonly after: string
  readonly remark: string
}
