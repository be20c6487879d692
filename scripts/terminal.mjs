// A terminal's recording as a picture that moves (SVG).
import xterm from '@xterm/headless'

const [columns, lineHeight, margin] = [80, 22, 20]

/** Normal and bright colours of a dark terminal, in the order of ECMA-48. */
const palette = ['#8b949e', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#e6edf3']

/** Plays pieces of output, each with the second at which it was printed, in a terminal of so many rows. */
export async function recording(title, pieces, rows) {
  const frames = await framesOf(pieces, rows)
  const distinct = [...new Set(frames.flatMap(({ rows: shown }) => shown))]
  const named = distinct.map((spans, index) => `<text id="l${index}" xml:space="preserve">${spans}</text>`)
  const height = heightOf(rows)
  const drawn = frames.map(({ rows: shown }, index) =>
    shown
      .map((spans, row) =>
        spans === '' ? '' : `<use href="#l${distinct.indexOf(spans)}" x="${margin}" y="${index * height + baseline(row)}"/>`,
      )
      .join(''),
  )
  return drawing(
    title,
    rows,
    `<defs>${named.join('\n')}</defs>\n${film(frames, height)}\n<g class="film">${drawn.join('\n')}</g>`,
  )
}

/** The last frame stays for some seconds before it starts again; people who prefer no motion see that one. */
function film(frames, height) {
  const rest = 5
  const length = (frames.at(-1)?.at ?? 0) + rest
  const steps = frames.map(({ at }, index) => `${((100 * at) / length).toFixed(2)}%{transform:translateY(${-index * height}px)}`)
  const last = `translateY(${-(frames.length - 1) * height}px)`
  return `<style>@keyframes film{${steps.join('')}100%{transform:${last}}}
.film{animation:film ${length.toFixed(2)}s step-end infinite}
@media (prefers-reduced-motion:reduce){.film{animation:none;transform:${last}}}</style>`
}

/** What the terminal shows at the end of each tenth of a second in which something was printed. */
async function framesOf(pieces, rows) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
  const frames = new Map()
  for (const { at, text } of pieces) {
    await new Promise((resolve) => terminal.write(text, resolve))
    frames.set(Math.floor(at * 10) / 10, rowsOf(terminal, rows))
  }
  return [...frames].map(([at, shown]) => ({ at, rows: shown }))
}

function rowsOf(terminal, rows) {
  const { active } = terminal.buffer
  return Array.from({ length: rows }, (_, row) => spansOf(active.getLine(active.viewportY + row)))
}

/** Adjacent characters of the same style share a span. */
function spansOf(line) {
  const cells = Array.from({ length: columns }, (_, column) => line?.getCell(column)).filter(Boolean)
  const spans = []
  for (const cell of cells) {
    const look = lookOf(cell)
    const characters = cell.getWidth() === 0 ? '' : cell.getChars() || ' '
    const last = spans.at(-1)
    if (last?.look === look) last.text += characters
    else spans.push({ look, text: characters })
  }
  while (spans.at(-1)?.text.trim() === '') spans.pop()
  return spans
    .map(({ look, text }, index) => `<tspan${look}>${escaped(index === spans.length - 1 ? text.trimEnd() : text)}</tspan>`)
    .join('')
}

const lookOf = (cell) =>
  [
    cell.isFgPalette() ? ` fill="${palette[cell.getFgColor() % 8]}"` : '',
    cell.isBold() ? ' font-weight="bold"' : '',
    cell.isDim() ? ' opacity="0.65"' : '',
  ].join('')

const heightOf = (rows) => lineHeight * rows + 2 * margin
const baseline = (row) => 36 + lineHeight * row

function drawing(title, rows, content) {
  const [width, height] = [720, heightOf(rows)]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#444c56"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${content}
</g>
</svg>
`
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
