import type { Remark } from '../../core/remark.ts'
import { localAddress } from '../plan/value.ts'
import { warningsFirst } from '../terminal/remarksText.ts'
import { type Html, html } from './html.ts'

/** Remarks as a list on a page; empty if there are none. */
export const remarksHtml = (remarks: readonly Remark[], deployment: string): Html | undefined =>
  remarks.length === 0
    ? undefined
    : html`<ul class="remarks" aria-label="${`Remarks on ${deployment}`}">
${warningsFirst(remarks).map(({ address, severity, text, hint }) => item(severity, html`<span class="mono">${localAddress(address, deployment)}</span> ${text}`, hint))}
</ul>`

const item = (severity: Remark['severity'], text: Html, hint: string | undefined): Html =>
  html`<li class="${severity}"><span class="severity">${severity === 'warning' ? 'Warning' : 'Note'}</span> ${text}${
    hint === undefined ? undefined : html`<span class="hint faint">${hint}</span>`
  }</li>`

export const remarksCss = `
.remarks { list-style: none; margin: .8rem 0; padding: 0; font-size: .875rem; }
.remarks li { margin: .3rem 0; padding: .35rem .7rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
.remarks .warning { border-left-color: var(--update); } .remarks .severity { font-weight: 600; }
.remarks .warning .severity { color: var(--update); } .remarks .hint { display: block; }
`
