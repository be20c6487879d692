import type { DeploymentReport, Report } from '../../rehearsal/report.ts'
import type { Life, Year } from '../../rehearsal/year.ts'
import { type Html, html } from '../html/html.ts'
import { page } from '../html/page.ts'
import { date, linesOf, outageText, rightsTexts, runText, taskText, verdicts } from './facts.ts'

/** The report as one page, with a timeline of what was trusted when. */
export const rehearsalHtml = ({ takenAt, deployments, hmaVersion }: Report): string =>
  page({
    title: 'hma rehearse',
    css,
    body: html`<h1>Rehearsal</h1>
<p class="faint">On a copy of ${date(takenAt)}, by hma ${hmaVersion}. Nothing was written to Azure.</p>
${deployments.map(section)}`,
  })

function section(report: DeploymentReport): Html {
  const { name, verdict, year, absence, person, rights, assumptions } = report
  const rows = linesOf(report).map(
    ({ name: what, ok, text, details }) =>
      html`<tr><th scope="row">${what}</th><td class="${ok ? 'fine' : 'fault'}">${ok ? 'ok' : 'fails'}</td><td>${text}${details.map((detail) => html`<br>${detail}`)}</td></tr>`,
  )
  return html`<section><h2>${name}: <span class="${verdict}">${verdicts[verdict]}</span></h2>
<table>${rows}</table>
<h3>The year</h3>${timeline(year)}
${absence ? html`<h3>Without the schedule</h3>${timeline(absence)}` : undefined}
${list(
  'Calendar',
  year.runs.map((run) => `${date(run.at)}: ${runText(run)}`),
)}
${list('Manual action needed', person.map(taskText))}
${list('Rights', rightsTexts(rights, true))}
${list('Assumptions', assumptions)}</section>`
}

const list = (title: string, items: readonly string[]): Html | undefined =>
  items.length === 0 ? undefined : html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`

const wide = 900
const row = 22

/** A bar for each credential, from first to last sight; runs as marks, outages across. */
function timeline({ from, to, runs, outages, lives }: Year): Html {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const x = (instant: string): number =>
    Math.round(Math.min(Math.max((Date.parse(instant) - begin) / Math.max(1, end - begin), 0), 1) * wide * 10) / 10
  const high = (lives.length + 1) * row + 20
  const bars = lives.map((life, index) => bar(life, x, index * row + 30))
  const marks = runs.map(
    (run) => html`<path class="run" d="M ${x(run.at)} 20 V ${high}"><title>${date(run.at)}: ${runText(run)}</title></path>`,
  )
  const breaks = outages.map(
    (one) =>
      html`<rect class="outage" x="${x(one.from)}" y="20" width="${Math.max(3, x(one.to ?? to) - x(one.from))}" height="${high - 20}"><title>${outageText(one)}</title></rect>`,
  )
  const label = `${lives.length} credentials, ${runs.length} runs with work, ${outages.length} outages`
  return html`<div class="scroll"><svg viewBox="0 0 ${wide} ${high}" width="${wide}" role="img" aria-label="${label}">
${months(begin, end).map((month) => html`<text class="month" x="${x(month)}" y="12">${month.slice(0, 7)}</text>`)}
${breaks}${marks}${bars}</svg></div>`
}

function bar({ sort, application, keyId, from, to, expires }: Life, x: (instant: string) => number, y: number): Html {
  const words = `${sort} of ${application}, ${date(from)} to ${date(to)}, expires ${date(expires)}`
  return html`<g><path class="${sort}" d="M ${x(from)} ${y} H ${Math.max(x(to), x(from) + 2)}"><title>${words}, ${keyId}</title></path>
<text class="name" x="${x(from)}" y="${y + 12}">${sort} · ${application} · until ${date(expires)}</text></g>`
}

/** The first days of the quarters in between. */
function months(begin: number, end: number): readonly string[] {
  const first = new Date(begin)
  return Array.from({ length: 15 }, (_, index) => new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + index, 1)))
    .filter((one) => one.getTime() < end - 20 * 86_400_000 && one.getUTCMonth() % 3 === 0)
    .map((one) => one.toISOString())
}

const css = `
section { margin: 1.5rem 0; } h3 { margin: 1rem 0 .3rem; }
.holds, .fine { color: var(--create); } .breaks, .differs, .fault { color: var(--remove); } .person { color: var(--manual); }
svg { background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.certificate, .secret { stroke-width: 6; stroke-linecap: round; } .certificate { stroke: var(--create); } .secret { stroke: var(--update); }
.run { stroke: var(--link); stroke-dasharray: 2 3; } .outage { fill: var(--remove); opacity: .35; }
.month, .name { font: 10px system-ui, sans-serif; fill: var(--faint); }
`
