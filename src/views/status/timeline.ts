import { day } from '../../core/time.ts'
import { type Html, html } from '../html/html.ts'
import type { Status } from './model.ts'
import { date } from './rows.ts'

const wide = 360
const high = 26
/** Anything long past or far ahead is drawn at the edge. */
const edge = 3

/** The period a timeline shows: from a month ago to a year and a month ahead. */
export interface Span {
  /** ISO instant: when a deployment was last read. */
  readonly now: string
  readonly from: number
  readonly to: number
}

export function spanOf(looks: readonly string[]): Span {
  const now = looks.reduce((latest, one) => (one > latest ? one : latest), looks[0] ?? new Date(0).toISOString())
  return { now, from: Date.parse(now) - 30 * day, to: Date.parse(now) + 400 * day }
}

const along = (instant: string, { from, to }: Span): number => {
  const x = ((Date.parse(instant) - from) / (to - from)) * wide
  return Math.round(Math.min(wide - edge, Math.max(edge, x)) * 10) / 10
}

/** The quarters, above all lanes. */
export function axis(span: Span): Html {
  const first = new Date(span.from)
  const months = Array.from(
    { length: 16 },
    (_, index) => new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + index)),
  )
  const shown = months.filter(
    (month) => month.getTime() > span.from + 20 * day && month.getTime() < span.to - 20 * day && month.getUTCMonth() % 3 === 0,
  )
  const marks = shown.map((month) => {
    const x = along(month.toISOString(), span)
    return html`<text x="${x}" y="17">${month.toISOString().slice(0, 7)}</text>`
  })
  return html`<svg class="axis" width="${wide}" height="${high}" aria-hidden="true">${marks}</svg>`
}

/** Certificate and secret of one deployment, from now to their expiries. */
export function lane({ certificate, secrets }: Status, span: Span): Html {
  const [held] = secrets.filter(({ heldBy }) => heldBy.length > 0).sort((one, other) => (one.expires < other.expires ? -1 : 1))
  const words = [
    ...(certificate ? [`certificate until ${date(certificate.expires)}`] : []),
    ...(held ? [`secret until ${date(held.expires)}`] : []),
  ].join(', ')
  const now = along(span.now, span)
  return html`<svg class="lane" width="${wide}" height="${high}" role="img" aria-label="${words || 'nothing'}">
<path class="now" d="M ${now} 0 V ${high}"/>${certificate ? bar(certificate, 8, span) : undefined}${held ? bar(held, 18, span) : undefined}</svg>`
}

interface Ending {
  readonly expires: string
  readonly outlook: 'fine' | 'soon' | 'expired'
  readonly renewal: string | null
}

function bar({ expires, outlook, renewal }: Ending, y: number, span: Span): Html {
  const [now, end] = [along(span.now, span), along(expires, span)]
  const [from, to] = now < end ? [now, end] : [end, now]
  const mark = renewal === null ? undefined : html`<path class="renewal" d="M ${along(renewal, span)} ${y - 4} V ${y + 4}"/>`
  return html`<path class="bar ${outlook === 'expired' ? 'fault' : outlook}" d="M ${from} ${y} H ${Math.max(to, from + 2)}"/>${mark}`
}
