import { html, raw } from 'hono/html'
import { type Section, type Shown, sections } from './worldSections.ts'

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a404a); --quiet: light-dark(#5a6472, #9aa4b2); --bad: light-dark(#b3261e, #ff8a80); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 90rem; padding: 1.5rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1rem; margin: 1.75rem 0 .4rem; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 500; }
td { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (min-width: 60rem) { td:nth-child(-n+2):not(:only-child) { white-space: nowrap; overflow-wrap: normal; } }
@media (max-width: 60rem) {
  table, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  td { border: 0; display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .5rem; padding: .1rem 0; }
  td:empty { display: none; }
  td::before { content: attr(data-label); color: var(--quiet); }
}`

const table = ({ title, columns, rows }: Section) => html`<section>
<h2>${title} <span class="quiet">${rows.length}</span></h2>
${
  rows.length === 0
    ? html`<p class="quiet">None.</p>`
    : html`<div class="wide"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
        (row) => html`<tr>${row.map((cell, index) => html`<td data-label="${columns[index] ?? ''}">${cell}</td>`)}</tr>
`,
      )}</tbody></table></div>`
}
</section>
`

/** The world as a web page: it has no script, loads nothing and changes nothing. */
export function worldPage(shown: Shown): Response {
  const broken = shown.violations.length
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The sandbox's world</title><style>${raw(style)}</style></head>
<body>
<header><h1>The sandbox's world</h1><span>${shown.now.toISOString()}</span>
<span class="${broken > 0 ? 'bad' : 'quiet'}">${broken === 0 ? 'Sign-in never broke.' : `Sign-in broke: ${broken}`}</span>
<span class="quiet">Reload to look again.</span></header>
${sections(shown).map(table)}
</body>
</html>`
  return new Response(String(page), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
    },
  })
}
