// Draws the README's pictures: a plan in a terminal, and the dependency graph. `npm run pictures`, after a build.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const images = join(root, 'docs', 'images')
const folder = mkdtempSync(join(tmpdir(), 'hma-pictures-'))
copyFileSync(join(root, 'hma.config.yaml'), join(folder, 'hma.config.yaml'))
mkdirSync(images, { recursive: true })

/** A change of colour or weight: ECMA-48, SGR (https://ecma-international.org/publications-and-standards/standards/ecma-48/). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const graphics = /(\u001b\[[\d;]*m)/

const hma = (...args) => {
  const { NO_COLOR, ...env } = process.env
  return execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    ...{ cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    env: { ...env, FORCE_COLOR: '1', COLUMNS: '80', LANG: 'C.UTF-8' },
  })
}

writeFileSync(join(images, 'graph.svg'), hma('graph', '--format', 'svg'))
writeFileSync(join(images, 'plan.svg'), screen('hma plan --sandbox', hma('plan', '--sandbox')))
rmSync(folder, { recursive: true })

/** Draws lines with colour codes as a picture of a dark terminal. */
function screen(command, text) {
  const lines = [`$ ${command}`, ...text.trimEnd().split('\n')]
  const [width, height] = [700, 22 * lines.length + 40]
  const rows = lines.map((line, index) => `<text x="20" y="${36 + 22 * index}" xml:space="preserve">${spans(line)}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${command}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#444c56"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${rows.join('\n')}
</g>
</svg>
`
}

function spans(line) {
  const now = { fill: '', weight: '', faint: '' }
  const parts = line.split(graphics).map((part) => {
    if (!graphics.test(part)) return part === '' ? '' : `<tspan${Object.values(now).join('')}>${escaped(part)}</tspan>`
    for (const number of part.slice(2, -1).split(';')) Object.assign(now, meaning(Number(number)))
    return ''
  })
  return parts.join('')
}

function meaning(code) {
  const colors = {
    30: '#8b949e',
    31: '#ff7b72',
    32: '#3fb950',
    33: '#d29922',
    34: '#58a6ff',
    35: '#bc8cff',
    36: '#39c5cf',
    37: '#e6edf3',
    90: '#8b949e',
  }
  if (code === 0) return { fill: '', weight: '', faint: '' }
  if (code === 1) return { weight: ' font-weight="bold"' }
  if (code === 2) return { faint: ' opacity="0.65"' }
  if (code === 22) return { weight: '', faint: '' }
  if (code === 39) return { fill: '' }
  return code in colors ? { fill: ` fill="${colors[code]}"` } : {}
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
