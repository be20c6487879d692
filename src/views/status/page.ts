/** The style of the fleet report, in addition to that of all pages. */
export const statusCss = `
:root { --fine: var(--create); --soon: var(--update); --drift: var(--adopt); --fault: var(--remove); }
body { max-width: 90rem; }
.tools { display: flex; flex-wrap: wrap; gap: .8rem 1.6rem; align-items: center; margin: 1.2rem 0 .4rem; }
.tools fieldset { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; border: 0; margin: 0; padding: 0; }
.tools legend { float: left; margin-right: .6rem; }
input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; }
button { cursor: pointer; }
button[aria-pressed="true"] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.tools button.fine { color: var(--fine); } .tools button.soon { color: var(--soon); } .tools button.drift { color: var(--drift); }
.tools button.fault { color: var(--fault); }
#fleet { width: 100%; }
#fleet thead th { position: sticky; top: 0; background: var(--paper); z-index: 1; white-space: nowrap; }
#fleet thead button { border: 0; background: none; padding: 0; font-weight: 600; }
#fleet thead button::after { content: " \\2195"; color: var(--faint); }
#fleet th[aria-sort="ascending"] button::after { content: " \\2191"; } #fleet th[aria-sort="descending"] button::after { content: " \\2193"; }
#fleet tbody tr { content-visibility: auto; contain-intrinsic-block-size: auto 3rem; }
#fleet tbody th { font-weight: 600; }
#fleet tbody th .problem { font-weight: 400; max-width: 16rem; }
#fleet td:not(:nth-child(2)) { white-space: nowrap; } td.time { min-width: 0; padding-left: 0; padding-right: 0; }
.state { font-weight: 600; white-space: nowrap; }
.state.fine, span.fine { color: var(--fine); } .state.soon { color: var(--soon); } .state.drift { color: var(--drift); }
.state.fault, span.fault { color: var(--fault); }
.problem { display: block; font-size: .8125rem; max-width: 34rem; overflow-wrap: anywhere; }
.axis text { font: 11px system-ui, sans-serif; fill: var(--faint); text-anchor: middle; }
.lane { display: block; } .now { stroke: var(--link); stroke-dasharray: 2 2; }
.bar { stroke-width: 5; stroke-linecap: round; } .bar.fine { stroke: var(--fine); } .bar.soon { stroke: var(--soon); } .bar.fault { stroke: var(--fault); }
.renewal { stroke: var(--ink); stroke-width: 1.5; }
`

/** Sorting, searching and filtering. Without it, the table is static. */
export const statusScript = `
'use strict'
const body = document.querySelector('#fleet tbody')
const rows = [...body.rows]
const find = document.querySelector('#find')
const found = document.querySelector('#found')
let state = ''
function show() {
  const words = find.value.toLowerCase().split(' ').filter(Boolean)
  let shown = 0
  for (const row of rows) {
    const text = row.textContent.toLowerCase()
    row.hidden = (state !== '' && !row.dataset.is.split(' ').includes(state)) || !words.every((word) => text.includes(word))
    if (!row.hidden) shown += 1
  }
  found.textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' are shown.'
}
find.addEventListener('input', show)
find.form.addEventListener('submit', (event) => event.preventDefault())
const choices = [...document.querySelectorAll('[data-state][aria-pressed]')]
for (const choice of choices)
  choice.addEventListener('click', () => {
    state = choice.dataset.state
    for (const one of choices) one.setAttribute('aria-pressed', String(one === choice))
    show()
  })
const natural = new Intl.Collator('en', { numeric: true })
for (const button of document.querySelectorAll('#fleet thead button'))
  button.addEventListener('click', () => {
    const head = button.closest('th')
    const direction = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending'
    for (const one of head.parentElement.cells) if (one.hasAttribute('aria-sort')) one.setAttribute('aria-sort', 'none')
    head.setAttribute('aria-sort', direction)
    const key = button.dataset.key
    const sign = direction === 'ascending' ? 1 : -1
    rows.sort((a, b) => sign * natural.compare(a.dataset[key], b.dataset[key]) || natural.compare(a.dataset.name, b.dataset.name))
    body.append(...rows)
  })
`
