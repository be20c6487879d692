// Runs every property test and counts the inputs tried.
//   npm run inputs               print them by property
//   npm run inputs -- --write    and keep them in docs/reliability.md
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { keep } from './figures.mjs'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => join('test', path))
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes("from 'fast-check'"))

const folder = mkdtempSync(join(tmpdir(), 'hma-inputs-'))
const inputs = join(folder, 'inputs.jsonl')
writeFileSync(inputs, '')
const vitest = await startVitest(
  'test',
  files,
  { run: true, watch: false, reporters: ['dot'], silent: true, provide: { inputs } },
  { test: { setupFiles: ['test/support/inputs.ts'] } },
)
const properties = readFileSync(inputs, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
rmSync(folder, { recursive: true })

const told = new Map()
for (const { file, subject, inputs: count } of properties) {
  const what = `${file.replace(/^test\/|\.test\.ts$/g, '')}: ${subject}`
  told.set(what, (told.get(what) ?? 0) + count)
}
const sum = properties.reduce((total, one) => total + one.inputs, 0)
const rows = [
  ['properties', properties.length],
  ['inputs', sum],
  ['inputs that broke a property', properties.filter(({ failed }) => failed).length],
  ['', ''],
  ...[...told].sort(([one], [other]) => one.localeCompare(other)),
]
const width = Math.max(...rows.map(([what]) => what.length))
const text = rows.map(([what, count]) => `${what.padEnd(width)} ${String(count).padStart(8)}`.trimEnd()).join('\n')
process.stdout.write(`\n${text}\n`)
if (values.write) keep('inputs', 'npm run inputs', text)
if (vitest.state.getCountOfFailedTests() > 0) process.exitCode = 1
await vitest.close()
