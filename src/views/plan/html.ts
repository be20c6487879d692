import type { Change } from '../../core/plan.ts'
import { type DeploymentPlan, type PlanFile, summarize } from '../../core/planFile.ts'
import { graphCss, graphSvg } from '../graph/svg.ts'
import { type Html, html } from '../html/html.ts'
import { page } from '../html/page.ts'
import { remarksCss, remarksHtml } from '../html/remarksHtml.ts'
import { moment } from '../moment.ts'
import { style } from '../terminal/style.ts'
import { whereText } from '../where.ts'
import { commonWhy, reasonOf, sign, titled } from './changeText.ts'
import { countsOf, hasContent, planOutcome, saidOnce } from './text.ts'
import { isInformative, shown } from './value.ts'

/** A plan as a page: the changes, their reasons, and the dependencies. `failed` is the number of deployments that could not be read. */
export function planHtml(plan: PlanFile, failed: number): string {
  const eventful = plan.deployments.filter(hasContent)
  const calm = plan.deployments.filter((one) => !eventful.includes(one))
  const title = planOutcome(plan, 'apply')
  const body = html`<header>
<h1>${title}</h1>
<p class="faint small">Made on <time datetime="${plan.createdAt}">${moment(plan.createdAt)}</time> by hma ${plan.hmaVersion}.
Digest <code>${plan.digest}</code></p>
${failed > 0 ? html`<p class="alarm" role="alert">${failed} more could not be read, and ${failed === 1 ? 'is' : 'are'} not in this plan.</p>` : undefined}
</header>
<main>
${eventful.length > 1 ? table(eventful) : undefined}
${eventful.map(deployment)}
${calm.length > 0 ? unchangedDeployments(calm) : undefined}
</main>`
  return page({ title: `hma: ${title}`, body, css: `${graphCss}${css}${remarksCss}` })
}

const anchor = (name: string): string => `deployment-${name.replace(/[^\w-]/g, '-')}`

const columns = ['create', 'update', 'adopt', 'remove', 'manual', 'none'] as const

const table = (plans: readonly DeploymentPlan[]): Html => html`<section class="scroll" aria-label="Summary" tabindex="0"><table>
<thead><tr><th scope="col">Deployment</th>${['create', 'update', 'adopt', 'remove', 'manual', 'unchanged'].map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>
${plans.map((one) => {
  const summary = summarize([one])
  const cells = columns.map(
    (action) => html`<td class="number ${summary[action] === 0 ? 'faint' : action}">${summary[action]}</td>`,
  )
  return html`<tr><th scope="row"><a href="#${anchor(one.name)}">${one.name}</a></th>${cells}</tr>`
})}
</tbody>
</table></section>`

function deployment({ name, where, changes, remarks = [] }: DeploymentPlan): Html {
  const todo = saidOnce(changes.filter(({ action }) => action !== 'none'))
  const calm = changes.length - todo.length
  const vertices = changes.map((change) => ({
    ...{ id: change.address, label: titled(change, name), after: change.after, tone: change.action },
  }))
  return html`<section class="deployment" aria-labelledby="${anchor(name)}">
<h2 id="${anchor(name)}">${name}</h2>
${where ? html`<p class="small where">${whereText(where)}</p>` : undefined}
<p class="faint">${[...countsOf(summarize([{ name, changes }])), ...(calm > 0 ? [`${calm} unchanged`] : [])].join(', ')}</p>
${todo.map((change) => item(change, name))}
${remarksHtml(remarks, name)}
<details open><summary>Dependencies</summary><div class="scroll" tabindex="0" role="region" aria-label="${`Dependency graph of ${name}`}">
${graphSvg(vertices, `Dependencies of ${name}`)}
</div></details>
</section>`
}

const { signs } = style({ columns: 80, color: false, unicode: true })

const spoken = {
  none: 'Unchanged',
  create: 'Create',
  update: 'Update',
  adopt: 'Take over',
  remove: 'Remove',
  manual: 'Manual action',
}

function item(change: Change, name: string): Html {
  const rows = change.differences
    .filter(({ field }) => field !== 'exists')
    .filter(({ from, to }) => from !== undefined || isInformative(to))
  const heading = html`<span class="sign ${change.action}" role="img" aria-label="${spoken[change.action]}">${sign(change.action, { signs })}</span>
<span class="mono">${titled(change, name)}</span> <span class="faint why">${reasonOf(change)}</span>`
  const instructions =
    change.instructions === undefined ? undefined : html`<pre class="task">${change.instructions.trimEnd()}</pre>`
  if (rows.length === 0) return html`<div class="change"><h3>${heading}</h3>${instructions}</div>`
  return html`<div class="change">
<details${{ html: change.action === 'create' ? '' : ' open' }}><summary><h3>${heading}</h3></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${`Differences of ${titled(change, name)}`}"><table class="differences"><tbody>
${rows.map((one) => difference(one, name, commonWhy(change)))}
</tbody></table></div></details>
${instructions}</div>`
}

function difference({ field, from, to, why }: Change['differences'][number], name: string, common: string | undefined): Html {
  const before = from === undefined ? undefined : html`<del>${shown(from, name)}</del>`
  const after = to === undefined ? undefined : html`<ins>${shown(to, name)}</ins>`
  const only = to === undefined && why !== undefined ? html`${shown(from, name)}` : undefined
  const remark = why === undefined || why === common ? undefined : html`<span class="faint"> (${why})</span>`
  return html`<tr><th scope="row">${field}</th><td>${only ?? html`${before}${before && after ? ' → ' : ''}${after}`}${remark}</td></tr>`
}

const unchangedDeployments = (calm: readonly DeploymentPlan[]): Html => html`<details class="deployment"><summary>${calm.length}
${calm.length === 1 ? 'deployment is' : 'deployments are'} as the configuration says</summary>
<ul>${calm.map(({ name }) => html`<li>${name}</li>`)}</ul></details>`

const css = `
.deployment { margin-top: 2rem; padding: 1rem 1.2rem; border: 1px solid var(--line); border-radius: 10px; }
.deployment > p { margin: .1rem 0 .8rem; }
.change { padding: .35rem 0; border-top: 1px solid var(--line); }
.change h3 { display: inline; font-weight: 600; } .change .why { font-weight: 400; }
.change > h3 { display: block; padding: .3rem 0 .3rem 1.05rem; }
.sign { display: inline-block; width: 1.4em; text-align: center; font-weight: 700; font-family: ui-monospace, Menlo, Consolas, monospace; }
.create { color: var(--create); } .update { color: var(--update); } .adopt { color: var(--adopt); }
.remove { color: var(--remove); } .manual { color: var(--manual); } .none { color: var(--faint); }
.differences { margin: .2rem 0 .6rem 2.6rem; font-size: .875rem; }
.differences th { font-weight: 400; color: var(--faint); }
.differences td { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.differences tr:last-child > * { border-bottom: 0; }
del { color: var(--remove); } ins { color: var(--create); text-decoration: none; }
.task { margin: .4rem 0 .6rem 2.6rem; padding: .7rem .9rem; background: var(--card); border-left: 3px solid var(--manual); border-radius: 4px; }
.alarm { padding: .6rem .9rem; background: var(--card); border-left: 3px solid var(--remove); }
@media (max-width: 40rem) { .differences, .task { margin-left: 0; } }
`
