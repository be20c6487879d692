import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { compiled, type Program } from '../support/program.ts'

const root = join(import.meta.dirname, '../..')
const minutes = 60_000

let program: Program
let bin: string
beforeAll(async () => {
  program = await compiled()
  bin = await mkdtemp(join(tmpdir(), 'hma-bin-'))
  await writeFile(join(bin, 'hma'), onTheSandbox(program.script))
  await chmod(join(bin, 'hma'), 0o755)
}, 2 * minutes)
afterAll(async () => {
  await program.remove()
  await rm(bin, { recursive: true, force: true })
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hma-guide-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A guide is written for Azure and for a person at a terminal: the same commands on the sandbox, without the question. */
const onTheSandbox = (script: string): string => `#!/bin/sh
case "$1" in
  plan|apply|verify|status|csr) case "$*" in *--sandbox*|*--merge*) ;; *) set -- "$@" --sandbox ;; esac ;;
esac
case "$*" in apply*--yes*) ;; apply*) set -- "$@" --yes ;; esac
exec "${process.execPath}" "${script}" "$@"
`

interface Block {
  readonly commands: string
  /** The lines that the guide shows below its commands. */
  readonly shown: readonly string[]
}

/** The blocks of shell commands below a heading, in their order. */
async function blocksBelow(page: string, heading: string): Promise<readonly Block[]> {
  const text = await readFile(join(root, page), 'utf8')
  const [, section = ''] = text.split(`\n${heading}\n`)
  const [own = ''] = section.split(/^#{1,6} (?=[A-Z0-9])/m)
  return [...own.matchAll(/^ *```(bash|console)\n([\s\S]*?)^ *```$/gm)].map(([, language, code = '']) =>
    language === 'bash' ? { commands: code, shown: [] } : typed(code),
  )
}

const typed = (code: string): Block => {
  const lines = code.trimEnd().split('\n')
  const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => `${line.slice(2)}\n${mayEnd}`)
  return { commands: commands.join('\n'), shown: lines.filter((line) => !line.startsWith('$ ')) }
}

/** 2 is a change that is pending, and 3 an action that is left to you: both belong to a guide. */
const mayEnd = 'case $? in 0|2|3) ;; *) exit 1 ;; esac'

async function run(commands: string, options: { readonly setE: boolean }): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const script = `${options.setE ? 'set -e\n' : ''}${commands.replaceAll('/path/to/hma', root)}`
  const env = { PATH: `${bin}:${PATH}`, HOME, LANG: 'C.UTF-8', NO_COLOR: '1' }
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env })
  return stdout + stderr
}

async function runAll(blocks: readonly Block[]): Promise<string> {
  expect(blocks).not.toEqual([])
  const printed = await run(blocks.map(({ commands }) => commands).join('\n'), { setE: false })
  for (const line of blocks.flatMap(({ shown }) => shown)) expect(printed).toContain(line)
  return printed
}

/** A file names a schema that is there, and that is this version's. */
async function namesItsSchema(file: string): Promise<void> {
  const [, path = ''] = /\$schema=(.+)/.exec(await readFile(join(folder, file), 'utf8')) ?? []
  expect(await readFile(join(folder, file, '..', path), 'utf8')).toBe(
    await readFile(join(root, 'schemas/hma.schema.json'), 'utf8'),
  )
}

test('an example is copied as examples/README.md says', { timeout: 2 * minutes }, async () => {
  const [copy] = await blocksBelow('examples/README.md', '## Copy an example')
  await run(`${copy?.commands}hma validate`, { setE: true })
  await namesItsSchema('mail/hma.config.yaml')
})

test('the repository of the GitOps guide', { timeout: 2 * minutes }, async () => {
  await runAll(await blocksBelow('docs/guides/gitops.md', '## 1. Create the repository'))
  await namesItsSchema('mail/deployments/contoso.yaml')
})

test.each([
  ['docs/guides/two-tenants.md', '## 3. Validate and preview', 'two-tenants', /Plan: \d+ to create/],
  ['docs/guides/certificate-from-your-ca.md', '## Try it with the sandbox', 'csr', /^Applied: 3 done/m],
  ['docs/guides/import-a-certificate.md', '## Try it with the sandbox', 'import', /^Applied: \d+ done/m],
] as const)('%s, %s', { timeout: 3 * minutes }, async (page, heading, example, outcome) => {
  await cp(join(root, 'examples', example, 'hma.config.yaml'), join(folder, 'hma.config.yaml'))
  expect(await runAll(await blocksBelow(page, heading))).toMatch(outcome)
})

test('commands for a deployment that works: reports, mailboxes, status', { timeout: 4 * minutes }, async () => {
  await mkdir(join(folder, 'deployments'))
  for (const file of ['hma.config.yaml', 'deployments/contoso.yaml']) await cp(join(root, 'hma.config.yaml'), join(folder, file))
  await run('hma apply', { setE: true })
  for (const [page, heading] of [
    ['docs/guides/reports.md', '## A plan'],
    ['docs/guides/reports.md', '## A fleet'],
    ['docs/guides/reports.md', '## Shards'],
    ['docs/guides/mailboxes.md', '## 2. Preview and apply'],
    ['docs/guides/status.md', '## 2. Add it to your monitoring'],
  ] as const)
    await runAll(await blocksBelow(page, heading))
})

test('the bundle starts the sandbox where no configuration loads anything before it', async () => {
  const { code, stdout, stderr } = await program.start('doctor --sandbox', { directory: folder }).ended
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('on the sandbox')
})
