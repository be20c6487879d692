import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { compiled, type Program } from '../support/program.ts'
import { type Block, blocksOf, pages, root } from './guides.ts'
import { elsewhere, type Reader, readers } from './readers.ts'

const minutes = 60_000

let program: Program
let bin: string
beforeAll(async () => {
  program = await compiled()
  bin = await mkdtemp(join(tmpdir(), 'hma-bin-'))
  for (const name of ['hma', 'npx']) {
    await writeFile(join(bin, name), onTheSandbox(program.script))
    await chmod(join(bin, name), 0o755)
  }
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

/**
 * A page is written for Azure and for a person at a terminal: the same commands on the sandbox, without questions.
 * 2 is a change that is pending, and 3 an action that is left to the reader: both belong to a guide.
 */
const onTheSandbox = (script: string): string => `#!/bin/sh
# The sandbox in a folder is one at a time; Azure takes several.
exec 9>"$(dirname "$0")/lock" && flock 9
[ "$1" != hma ] || shift
case "$1" in
  init|import|plan|apply|adopt|rotate|destroy|verify|status|output|csr|doctor|rehearse)
    case "$*" in *--sandbox*|*--merge*) ;; *) set -- "$@" --sandbox ;; esac ;;
esac
case "$1" in init|apply|adopt|rotate|destroy) case "$*" in *--yes*) ;; *) set -- "$@" --yes ;; esac ;; esac
"${process.execPath}" "${script}" "$@"
code=$?
case $code in 0|2|3) exit 0 ;; *) echo "hma $* ended with $code" >&2; exit $code ;; esac
`

/** What a reader does before these commands. */
const before = ({ does = {} }: Reader, { commands }: Block): string =>
  Object.entries(does).find(([beginning]) => commands.startsWith(beginning))?.[1] ?? ''

async function run(script: string): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH: `${bin}:${PATH}`, HOME, LANG: 'C.UTF-8', NO_COLOR: '1' }
  const options = { cwd: folder, env, timeout: 10 * minutes }
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', `set -eo pipefail\n${script}`], options)
  return stdout + stderr
}

/** A page may leave something out of what it shows. */
const appears = (line: string, printed: string): boolean =>
  line
    .trim()
    .split('…')
    .every((part) => printed.includes(part))

async function follow(blocks: readonly Block[], reader: Reader): Promise<void> {
  const { example, has = '', showsAnother = false } = reader
  const configuration = example === undefined ? 'hma.config.yaml' : `examples/${example}/hma.config.yaml`
  if (example !== 'none') await copyFile(join(root, configuration), join(folder, 'hma.config.yaml'))
  const printed = await run([has, ...blocks.flatMap((block) => [before(reader, block), block.commands])].join('\n'))
  const compared = showsAnother ? [] : blocks.flatMap(({ shown }) => shown)
  const missing = compared.filter((line) => !appears(line, printed))
  expect(missing, printed).toEqual([])
}

const isElsewhere = ({ page, heading }: Block): boolean => `${page} ${heading}` in elsewhere

const all = (await Promise.all((await pages()).map(blocksOf))).flat()

test('every page with commands has a reader, and every exception a block', () => {
  expect(Object.keys(readers).sort()).toEqual([...new Set(all.map(({ page }) => page))].sort())
  expect(Object.keys(elsewhere).sort()).toEqual(
    [...new Set(all.filter(isElsewhere).map(({ page, heading }) => `${page} ${heading}`))].sort(),
  )
})

test.each(Object.entries(readers))('every command of %s works as written', { timeout: 20 * minutes }, async (page, reader) => {
  await follow(
    all.filter((block) => block.page === page && !isElsewhere(block)),
    reader,
  )
})

/** A file names a schema that is there, and that is this version's. */
async function namesItsSchema(file: string): Promise<void> {
  const [, path = ''] = /\$schema=(.+)/.exec(await readFile(join(folder, file), 'utf8')) ?? []
  expect(await readFile(join(folder, file, '..', path), 'utf8')).toBe(
    await readFile(join(root, 'schemas/hma.schema.json'), 'utf8'),
  )
}

test.each([
  ['examples/README.md', 'mail/hma.config.yaml'],
  ['docs/guides/gitops.md', 'mail/deployments/contoso.yaml'],
])('what a reader of %s copied names its schema', { timeout: 2 * minutes }, async (page, file) => {
  await follow(all.filter((block) => block.page === page).slice(0, 1), { example: 'none' })
  await namesItsSchema(file)
})

test('the bundle starts the sandbox where no configuration loads anything before it', async () => {
  const { code, stdout, stderr } = await program.start('doctor --sandbox', { directory: folder }).ended
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('on the sandbox')
})
