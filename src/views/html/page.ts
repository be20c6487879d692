import { createHash } from 'node:crypto'
import { type Html, html } from './html.ts'

export interface Page {
  readonly title: string
  readonly body: Html
  /** In addition to the style of all pages. */
  readonly css?: string
  readonly script?: string
}

/**
 * One self-contained file. It loads and sends nothing and runs only its own script; a content security policy enforces that in case a
 * name ever gets past the escaping (https://www.w3.org/TR/CSP3/).
 */
export function page({ title, body, css = '', script }: Page): string {
  const style = `${common}${css}`
  const policy = [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
${body}
${script === undefined ? undefined : { html: `<script>${script}</script>` }}
</body>
</html>`.html
  }\n`
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** For light and dark backgrounds: text, and planned actions. */
export const colors = `:root {
  color-scheme: light dark;
  --paper: #fff; --card: #f6f8fa; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --link: #0969da;
  --create: #1a7f37; --update: #9a6700; --adopt: #0b7285; --remove: #cf222e; --manual: #8250df; --none: #818b98;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --card: #151b23; --ink: #f0f6fc; --faint: #9198a1; --line: #3d444d; --link: #58a6ff;
    --create: #3fb950; --update: #d29922; --adopt: #39c5cf; --remove: #f85149; --manual: #bc8cff; --none: #6e7681;
  }
}
`

const common = `
${colors}* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 0; font-size: 1.2rem; } h3 { margin: 0; font-size: 1rem; }
a { color: var(--link); }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
.where { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.faint { color: var(--faint); } .small { font-size: .875rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
.number { text-align: right; }
.scroll { overflow-x: auto; }
summary { cursor: pointer; padding: .3rem 0; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
@media print { body { max-width: none; } details::details-content { content-visibility: visible; height: auto; } }
`
