import type { DeploymentReport, RehearsalReport } from '../../rehearsal/report.ts'
import type { Life, Year } from '../../rehearsal/year.ts'
import { type Html, html } from '../html/html.ts'
import { page } from '../html/page.ts'
import { date, linesOf, outageText, rightsTexts, runText, taskText, verdicts } from './facts.ts'

/** The report as one page, with a timeline of what was trusted when. */
export const rehearsalHtml = ({ takenAt, deployments, hmaVersion }: RehearsalReport): string =>
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

const row = 26
const top = 20

/**
 * A bar for each credential, from when it was first to when it was last seen; runs as ticks, outages as bands. As wide as the page:
 * positions are percentages.
 */
function timeline({ from, to, runs, outages, lives }: Year): Html {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const x: Place = (instant) =>
    Math.round(Math.min(Math.max((Date.parse(instant) - begin) / Math.max(1, end - begin), 0), 1) * 10_000) / 100
  const high = lives.length * row + top + 16
  const bars = lives.map((life, index) => bar(life, x, top + 14 + index * row))
  const marks = runs.map(
    (run) =>
      html`<line class="run" x1="${x(run.at)}%" x2="${x(run.at)}%" y1="${top}" y2="${high}"><title>${date(run.at)}: ${runText(run)}</title></line>`,
  )
  const breaks = outages.map(
    (one) =>
      html`<rect class="outage" x="${x(one.from)}%" y="${top}" width="${Math.max(0.4, x(one.to ?? to) - x(one.from))}%" height="${high - top}"><title>${outageText(one)}</title></rect>`,
  )
  const label = `${lives.length} credentials, ${runs.length} runs with work, ${outages.length} outages`
  return html`<svg width="100%" height="${high}" role="img" aria-label="${label}">
${months(begin, end).map((month) => html`<text class="month" x="${x(month)}%" y="14">${month.slice(0, 7)}</text>`)}
${breaks}${marks}${bars}</svg>`
}

/** Percent of the width. */
type Place = (instant: string) => number

/** The label starts at the start of the bar, or ends at its end if there is no room to the right. */
function bar({ sort, application, keyId, from, to, expires }: Life, x: Place, y: number): Html {
  const words = `${sort} of ${application}, ${date(from)} to ${date(to)}, expires ${date(expires)}`
  const [begin, end] = [x(from), Math.max(x(to), x(from) + 0.3)]
  const [anchor, place] = begin > 45 ? ['end', end] : ['start', begin]
  return html`<g><line class="${sort}" x1="${begin}%" x2="${end}%" y1="${y}" y2="${y}"><title>${words}, ${keyId}</title></line>
<text class="name" text-anchor="${anchor}" x="${place}%" y="${y + 13}">${sort} · ${application} · until ${date(expires)}</text></g>`
}

/** The first day of each quarter in the period. */
function months(begin: number, end: number): readonly string[] {
  const first = new Date(begin)
  return Array.from({ length: 15 }, (_, index) => new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + index, 1)))
    .filter((one) => one.getTime() < end - 20 * 86_400_000 && one.getUTCMonth() % 3 === 0)
    .map((one) => one.toISOString())
}

const css = `
section { margin: 1.5rem 0; } h3 { margin: 1rem 0 .3rem; }
.holds, .fine { color: var(--create); } .breaks, .differs, .fault { color: var(--remove); } .person { color: var(--manual); }
section td:last-child, section li { overflow-wrap: anywhere; }
svg { display: block; overflow: visible; background: var(--card); outline: 10px solid var(--card); border-radius: 6px; margin: 10px; width: calc(100% - 20px); }
.certificate, .secret { stroke-width: 6; } .certificate { stroke: var(--create); } .secret { stroke: var(--update); }
.run { stroke: var(--link); stroke-dasharray: 2 3; } .outage { fill: var(--remove); opacity: .35; }
.month, .name { font: 11px system-ui, sans-serif; fill: var(--faint); }
/* Marks run behind the words. */
.name { paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
`
