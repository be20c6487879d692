// Writes hma's real output into the documentation, between `<!-- transcript COMMAND -->` and `<!-- end -->`.
// Run with `npm run transcripts` after a build. Each page starts in a folder of its own, with the configuration of this repository.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const marker = /<!-- transcript (.+?) -->\n[\s\S]*?<!-- end -->/g

const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true }).map((path) => join('docs', path))].filter(
  (path) => path.endsWith('.md'),
)

for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8')
  if (!marker.test(text)) continue
  const folder = mkdtempSync(join(tmpdir(), 'hma-transcript-'))
  copyFileSync(join(root, 'hma.config.yaml'), join(folder, 'hma.config.yaml'))
  const written = text.replace(
    marker,
    (_all, command) => `<!-- transcript ${command} -->\n\`\`\`console\n$ ${command}\n${run(command, folder)}\`\`\`\n<!-- end -->`,
  )
  rmSync(folder, { recursive: true })
  writeFileSync(join(root, page), written)
  process.stdout.write(`${page}\n`)
}

/** stdout and stderr as a terminal of 80 columns would show them, in their order. */
function run(command, cwd) {
  const shell = `${command.replaceAll(/\bhma\b(?= )/g, `node "${join(root, 'dist', 'cli.js')}"`)} 2>&1`
  const env = { ...process.env, COLUMNS: '80', NO_COLOR: '1', LANG: 'C.UTF-8', CI: '1' }
  return spawnSync(shell, { cwd, env, shell: true, encoding: 'utf8' }).stdout
}
