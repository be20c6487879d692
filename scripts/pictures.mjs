// Draws the README's pictures: the recording of an apply, and the dependency graph. `npm run pictures`, after a build.
// The recording needs a terminal, which `script` of util-linux lends.
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recording } from './terminal.mjs'

const root = join(import.meta.dirname, '..')
const images = join(root, 'docs', 'images')
const folder = mkdtempSync(join(tmpdir(), 'hma-pictures-'))
copyFileSync(join(root, 'hma.config.yaml'), join(folder, 'hma.config.yaml'))
mkdirSync(images, { recursive: true })

const { NO_COLOR, ...env } = process.env
const program = join(root, 'dist', 'cli.js')
const setting = { cwd: folder, env: { ...env, FORCE_COLOR: '1', COLUMNS: '80', LANG: 'C.UTF-8' } }
const hma = (...args) =>
  execFileSync(process.execPath, [program, ...args], { ...setting, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

const rows = 24

/** What an apply prints in a terminal, piece by piece. */
async function recorded(command) {
  const line = command.replace('hma', `'${process.execPath}' '${program}'`)
  const child = spawn('script', ['-qfec', `stty cols 80 rows ${rows}; ${line}`, '/dev/null'], {
    ...setting,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [began, pieces] = [performance.now(), [{ at: 0, text: `$ ${command}\r\n` }]]
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout) pieces.push({ at: (performance.now() - began) / 1000, text })
  return pieces
}

const apply = 'hma apply --sandbox --yes'
writeFileSync(join(images, 'graph.svg'), hma('graph', '--format', 'svg'))
writeFileSync(join(images, 'apply.svg'), await recording(apply, await recorded(apply), rows))
rmSync(folder, { recursive: true })
