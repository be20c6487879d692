// More of what test/long/seedsEven.test.ts and seedsOdd.test.ts run.
//   npm run simulate -- --seeds 10000            so many schedules
//   npm run simulate -- --first 4711 --seeds 1   that one again, with every request
//   npm run simulate -- --seeds 3000 --write     and keep the figures in docs/reliability.md
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { keep } from './figures.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    first: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
})
const [seeds, first] = [Number(values.seeds), Number(values.first)]
if (![seeds, first].every((one) => Number.isSafeInteger(one) && one > 0))
  throw new Error('--seeds and --first are whole numbers from 1.')

const folder = mkdtempSync(join(tmpdir(), 'hma-simulation-'))
const outcomes = join(folder, 'outcomes.jsonl')
writeFileSync(outcomes, '')
const began = Date.now()
const vitest = await startVitest('test', ['test/long/seeds'], {
  config: 'vitest.long.config.ts',
  ...{ run: true, watch: false, reporters: ['dot'], silent: true },
  provide: { seeds, first, outcomes, requests: seeds === 1 },
})
const lines = readFileSync(outcomes, 'utf8').split('\n').filter(Boolean)
rmSync(folder, { recursive: true })
const told = lines.map((line) => JSON.parse(line)).sort((one, other) => one.seed - other.seed)
for (const { story, requests } of told) if (requests) tell(story, requests)
const text = figures(told)
process.stdout.write(`\n${text}\nin ${Math.round((Date.now() - began) / 1000)} seconds\n`)
for (const { seed, problems } of told.filter((one) => one.problems.length > 0))
  process.stdout.write(`\nnpm run simulate -- --first ${seed} --seeds 1\n${problems.map((one) => `  ${one}\n`).join('')}`)
if (values.write) keep('figures', `npm run simulate -- --first ${first} --seeds ${seeds}`, text)
if (told.length !== seeds) process.exitCode = 1
await vitest.close()

function tell(story, requests) {
  process.stdout.write(`${JSON.stringify(story, undefined, 2)}\n`)
  for (const { at, service, method, url, status, fault } of requests)
    process.stdout.write(
      `${at} ${service} ${method} ${decodeURIComponent(url.replace(/^https:\/\/[^/]+/, ''))} ${status} ${fault ?? ''}\n`,
    )
}

/** Counts of everything that was met, in the order of their names. */
function figures(outcomes) {
  const met = new Map()
  for (const one of outcomes) for (const [what, count] of one.met) met.set(what, (met.get(what) ?? 0) + count)
  const runs = met.get('run of hma') ?? 0
  met.delete('run of hma')
  const sum = (pick) => outcomes.reduce((total, one) => total + pick(one), 0)
  const rows = [
    [`schedules, seeds ${first} to ${first + seeds - 1}`, outcomes.length],
    ['runs of hma', runs],
    ['requests', sum(({ asked }) => asked)],
    ['promises broken', sum(({ problems }) => problems.length)],
    ['', ''],
    ...[...met].sort(([one], [other]) => one.localeCompare(other)),
  ]
  const width = Math.max(...rows.map(([what]) => what.length))
  return rows.map(([what, count]) => `${what.padEnd(width)} ${String(count).padStart(8)}`.trimEnd()).join('\n')
}
