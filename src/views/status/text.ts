import { manualCount } from '../manualCount.ts'
import { cut, harmless, pad, paragraph, width } from '../terminal/line.ts'
import { remarksText } from '../terminal/remarksText.ts'
import type { Style } from '../terminal/style.ts'
import { whereLines } from '../where.ts'
import type { MailboxStatus, Status, StatusProblem } from './model.ts'
import { date, expiryRows, type Row, short } from './rows.ts'

/** What `hma status` prints for people: a row for each thing that expires, then Dynamics, its mailboxes, and problems. */
export function statusText(statuses: Readonly<Record<string, Status>>, style: Style): readonly string[] {
  return Object.entries(statuses).flatMap(([name, status], index) => [
    ...(index > 0 ? [''] : []),
    style.paint.bold(harmless(name)),
    ...whereLines(status.where, style),
    ...table(expiryRows(status), style),
    ...dynamics(status, style),
    ...mailboxes(status.mailboxes, style),
    ...status.problems.flatMap((problem) => problemText(problem, style)),
    ...drifted(status, style),
    ...remarksText(status.remarks ?? [], name, style),
    ...ending(status, style),
  ])
}

const columns = { what: 18, id: 8, until: 10, left: 6 } as const
const before = 2 + columns.what + 2 + columns.id + 2 + columns.until + 2 + columns.left + 2

/** Too narrow for columns side by side. */
const isNarrow = (style: Style): boolean => style.columns < before + 20

function table(rows: readonly Row[], style: Style): readonly string[] {
  const { what, id, until } = columns
  const title = `  ${' '.repeat(what)}  ${pad('id', id)}  ${pad('until', until)}    left  state`
  return [
    ...(rows.length > 0 && !isNarrow(style) ? [style.paint.dim(title)] : []),
    ...rows.flatMap((row, index) => rowText(row, !isNarrow(style) && rows[index - 1]?.what === row.what, style)),
  ]
}

function rowText(row: Row, again: boolean, style: Style): readonly string[] {
  const { what, id, until, left } = columns
  const start = `  ${pad(again ? '' : row.what, what)}  ${pad(harmless(row.id), id)}`
  const ends = `${pad(date(row.expires), until)}  ${`${row.days} d`.padStart(left)}`
  return [
    ...beside(start, `${ends}  `, row.state, color(row, style), style),
    ...(row.remarks.length > 0 ? paragraph(row.remarks.join(', '), style.columns, 4).map(style.paint.dim) : []),
  ]
}

/** The state at the end of its row, wrapped in its column; on lines of its own if that is too narrow. */
function beside(start: string, ends: string, state: string, paint: Paint, style: Style): readonly string[] {
  if (isNarrow(style)) return [start, ...[`    ${ends.trimEnd()}`, ...paragraph(state, style.columns, 4)].map(paint)]
  const [first = '', ...more] = paragraph(state, style.columns, before)
  return [`${start}  ${paint(ends + first.trimStart())}`, ...more.map(paint)]
}

type Paint = (text: string) => string

const plain: Paint = (text) => text

/** Only what is in use deserves a colour: a former one may expire. */
function color({ outlook, used, broken }: Row, { paint }: Style): Paint {
  if (broken) return paint.red
  if (!used) return plain
  return { fine: paint.green, soon: paint.yellow, expired: paint.red }[outlook]
}

function dynamics({ dynamics: held }: Status, style: Style): readonly string[] {
  if (!held) return []
  const name = `profile "${held.profile}"`
  const profile = held.unread ? `${name} could not be read` : held.profileId === null ? `no ${name}` : name
  const secret = held.secret === null ? [] : [`secret ${short(held.secret)}`]
  const certificate = held.certificateName === null ? [] : [`certificate ${held.certificateName}`]
  return labelled('  Dynamics', [profile, ...certificate, ...secret].join(', '), { margin: columns.what + 4 }, style)
}

/** A text beside its label, wrapped in its column; below the label if that is too narrow. */
function labelled(label: string, text: string, { margin, paint = plain }: { margin: number; paint?: Paint }, style: Style) {
  if (isNarrow(style)) return [label, ...paragraph(text, style.columns, 6).map(paint)]
  const [first = '', ...more] = paragraph(text, style.columns, margin)
  return [`${pad(label, margin)}${paint(first.trimStart())}`, ...more.map(paint)]
}

function mailboxes(all: readonly MailboxStatus[], style: Style): readonly string[] {
  if (all.length === 0) return []
  const room = Math.min(32, Math.max(...all.map(({ address }) => width(harmless(address)))))
  return [
    '  mailboxes',
    ...all.flatMap((one) => {
      const [text, paint] = mailboxText(one, style)
      return labelled(`    ${cut(harmless(one.address), room, style.signs.more)}`, text, { margin: room + 6, paint }, style)
    }),
  ]
}

function mailboxText(one: MailboxStatus, { paint }: Style): readonly [string, Paint] {
  const when = one.testedAt === null ? '' : `tested ${date(one.testedAt)}`
  const bad = (['incoming', 'outgoing', 'appointments'] as const).filter((direction) => one[direction] !== 'success')
  const error = one.error === null ? '' : ` (${one.error})`
  switch (one.state) {
    case 'works':
      return [`${when}, works`, paint.green]
    case 'failed':
      return [`${when}, failed: ${bad.join(', ')}${error}`, paint.red]
    case 'disabled':
      return [`${when}, disabled since${error}`, paint.red]
    case 'not found':
      return [one.error ?? 'not found', paint.red]
    case 'testing':
      return ['test in progress', plain]
    case 'untested':
      return ['never tested', paint.yellow]
    case 'elsewhere':
      return [one.profile === null ? 'not on a profile' : `on the profile "${one.profile}"`, paint.yellow]
  }
}

function problemText({ kind, what, message, hint }: StatusProblem, style: Style): readonly string[] {
  const paint = kind === 'missing' || kind === 'expiring' ? style.paint.yellow : style.paint.red
  const text = kind === 'unreadable' ? `${what}: could not be read. ${message}` : `${what}: ${message}`
  const [first = '', ...more] = paragraph(text, style.columns, 4)
  return [
    `  ${paint('!')} ${first.trimStart()}`,
    ...more,
    ...(hint === undefined ? [] : paragraph(hint, style.columns, 4).map(style.paint.cyan)),
  ]
}

function drifted({ drift, unread = [] }: Status, style: Style): readonly string[] {
  if (!drift && unread.length > 0)
    return paragraph(`Not compared with the configuration: could not read ${unread.join(', ')}.`, style.columns, 2)
  if (!drift || drift.changes + drift.person === 0) return []
  const changes = drift.changes > 0 ? [`${drift.changes} ${drift.changes === 1 ? 'change' : 'changes'} pending`] : []
  const person = drift.person > 0 ? [manualCount(drift.person)] : []
  return paragraph(
    style.repeat(`Differs from the configuration: ${[...changes, ...person].join(', ')}. See \`hma plan\`.`),
    style.columns,
    2,
  )
}

function ending({ expires }: Status, style: Style): readonly string[] {
  if (!expires) return []
  const when = expires.days < 0 ? `expired on ${date(expires.at)}` : `in ${expires.days} days, on ${date(expires.at)}`
  return paragraph(`Next to expire: ${expires.what}, ${when}.`, style.columns, 2).map(style.paint.bold)
}
