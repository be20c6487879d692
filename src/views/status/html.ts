import { type Html, html } from '../html/html.ts'
import { page } from '../html/page.ts'
import { remarksCss, remarksHtml } from '../html/remarksHtml.ts'
import { manualCount } from '../manualCount.ts'
import { moment } from '../moment.ts'
import { placeText, whereText } from '../where.ts'
import type { Status, Statuses } from './model.ts'
import { statusCss, statusScript } from './page.ts'
import { date } from './rows.ts'
import { axis, lane, type Span, spanOf } from './timeline.ts'

/** A fleet as a page, sortable and searchable: what expires when, what differs from the configuration, and what was last proven. */
export function statusHtml(statuses: Statuses): string {
  const all = Object.entries(statuses)
  const span = spanOf(all.map(([, { at }]) => at))
  const title = `${all.length} ${all.length === 1 ? 'deployment' : 'deployments'}`
  const body = html`<header>
<h1>${title}</h1>
<p class="faint small">As of <time datetime="${span.now}">${moment(span.now)}</time>.</p>
</header>
<main>
<form class="tools" role="search" aria-label="Filter">
<label>Find <input type="search" id="find" autocomplete="off" placeholder="name or problem"></label>
<fieldset><legend>Show</legend>${[['', 'all'] as const, ...states].map(([state, label]) => button(state, label, count(all, state)))}</fieldset>
</form>
<p id="found" class="faint small" role="status"></p>
<div class="scroll" role="region" aria-label="Deployments" tabindex="0"><table id="fleet">
<thead><tr>${columns.map(([key, label]) => html`<th scope="col" aria-sort="none"><button type="button" data-key="${key}">${label}</button></th>`)}
<th scope="col" class="time">${axis(span)}</th></tr></thead>
<tbody>
${all.map(([name, status]) => row(name, status, span))}
</tbody>
</table></div>
<p class="faint small">The upper line is the certificate that the vault serves, the lower one the secret that Dynamics or the vault holds. The mark is the day of
renewal. Select a heading to sort.</p>
</main>`
  return page({ title: `hma: ${title}`, body, css: `${statusCss}${remarksCss}`, script: statusScript })
}

const states = [
  ['fault', 'needs attention'],
  ['soon', 'expires soon'],
  ['drift', 'changes pending'],
  ['fine', 'healthy'],
] as const

type State = (typeof states)[number][0]

/** All states, most severe first. */
function statesOf({ ok, drift, problems, certificate, secrets }: Status): readonly [State, ...State[]] {
  const held = secrets.filter(({ heldBy }) => heldBy.length > 0)
  const isFaulty = problems.some(({ kind }) => kind !== 'expiring')
  const endsSoon = [certificate, ...held].some((one) => one?.outlook === 'soon') || (!ok && !isFaulty)
  const said: readonly State[] = [
    ...(isFaulty ? ['fault' as const] : []),
    ...(endsSoon ? ['soon' as const] : []),
    ...(drift && drift.changes + drift.person > 0 ? ['drift' as const] : []),
  ]
  const [first = 'fine', ...more] = said
  return [first, ...more]
}

const count = (all: readonly (readonly [string, Status])[], state: State | ''): number =>
  all.filter(([, status]) => state === '' || statesOf(status).includes(state)).length

const button = (state: State | '', label: string, many: number): Html =>
  html`<button type="button" data-state="${state}" aria-pressed="${String(state === '')}" class="${state}">${many} ${label}</button>`

const columns = [
  ['name', 'Deployment'],
  ['state', 'State'],
  ['ends', 'Next to expire'],
  ['pending', 'Pending'],
  ['proof', 'Proof'],
] as const

/** Sort keys are in `data-` attributes: of one type in each row, and greatest if unknown. */
function row(name: string, status: Status, span: Span): Html {
  const { expires, drift, proof, problems, where, remarks = [] } = status
  const said = statesOf(status)
  const [state] = said
  const label = states.find(([key]) => key === state)?.[1]
  const pending = drift ? drift.changes + drift.person : undefined
  const order = states.findIndex(([key]) => key === state)
  return html`<tr data-is="${said.join(' ')}" data-name="${name}" data-state="${order}" data-ends="${expires?.at.slice(0, 10) ?? '9'}" data-pending="${99_999 - (pending ?? 0)}" data-proof="${proof === null ? '9' : `${Number(proof.ok)}${proof.at}`}">
<th scope="row">${name}${where ? html`<span class="problem faint" title="${whereText(where)}">${placeText(where)}</span>` : undefined}</th>
<td><span class="state ${state}">${label}</span>${problems.map(({ what, message }) => html`<span class="problem">${what}: ${message}</span>`)}${remarksHtml(remarks, name)}</td>
<td>${expires ? html`<span class="mono">${date(expires.at)}</span> <span class="faint">${expires.days} d</span><span class="problem faint">${expires.what}</span>` : '–'}</td>
<td>${pendingText(drift)}</td>
<td>${proof ? html`<span class="${proof.ok ? 'fine' : 'fault'}">${proof.ok ? 'proven' : 'failed'}</span> <span class="faint">${date(proof.at)}</span>` : '–'}</td>
<td class="time">${lane(status, span)}</td></tr>`
}

function pendingText(drift: Status['drift']): string {
  if (!drift) return 'unknown'
  const parts = [
    ...(drift.changes > 0 ? [`${drift.changes} to apply`] : []),
    ...(drift.person > 0 ? [manualCount(drift.person)] : []),
  ]
  return parts.length === 0 ? '–' : parts.join(', ')
}
