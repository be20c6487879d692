// More of what test/long/seedsEven.test.ts, seedsOdd.test.ts and crowd.test.ts run.
//   npm run simulate -- --seeds 10000            so many schedules, and so many crowded worlds
//   npm run simulate -- --seeds 2000 --of worlds one of the two alone
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
    of: { type: 'string', default: 'both' },
    write: { type: 'boolean', default: false },
  },
})
const [seeds, first] = [Number(values.seeds), Number(values.first)]
if (![seeds, first].every((one) => Number.isSafeInteger(one) && one > 0))
  throw new Error('--seeds and --first are whole numbers from 1.')

if (!['both', 'schedules', 'worlds'].includes(values.of)) throw new Error('--of is schedules, worlds or both.')

const folder = mkdtempSync(join(tmpdir(), 'hma-simulation-'))
const outcomes = join(folder, 'outcomes.jsonl')
const crowds = join(folder, 'crowds.jsonl')
for (const file of [outcomes, crowds]) writeFileSync(file, '')
const began = Date.now()
const vitest = await startVitest('test', filesOf(values.of), {
  config: 'vitest.long.config.ts',
  ...{ run: true, watch: false, reporters: ['dot'], silent: true },
  provide: { seeds, first, outcomes, crowds, requests: seeds === 1 },
})
const [told, worlds] = [outcomes, crowds].map(linesOf)
rmSync(folder, { recursive: true })
for (const { story, requests } of told) if (requests) tell(story, requests)
const text = [...(told.length > 0 ? [figures(told)] : []), ...(worlds.length > 0 ? [crowded(worlds)] : [])].join('\n\n')
process.stdout.write(`\n${text}\nin ${Math.round((Date.now() - began) / 1000)} seconds\n`)
for (const { seed, problems } of [...told, ...worlds].filter((one) => one.problems.length > 0))
  process.stdout.write(`\nnpm run simulate -- --first ${seed} --seeds 1\n${problems.map((one) => `  ${one}\n`).join('')}`)
if (values.write) {
  const command = `npm run simulate -- --first ${first} --seeds ${seeds}`
  if (told.length > 0) keep('figures', `${command} --of schedules`, figures(told))
  if (worlds.length > 0) keep('worlds', `${command} --of worlds`, crowded(worlds))
}
if (told.length + worlds.length !== (values.of === 'both' ? 2 * seeds : seeds)) process.exitCode = 1
await vitest.close()

function tell(story, requests) {
  process.stdout.write(`${JSON.stringify(story, undefined, 2)}\n`)
  for (const { at, service, method, url, status, fault } of requests)
    process.stdout.write(
      `${at} ${service} ${method} ${decodeURIComponent(url.replace(/^https:\/\/[^/]+/, ''))} ${status} ${fault ?? ''}\n`,
    )
}

function filesOf(what) {
  const all = { schedules: ['test/long/seeds'], worlds: ['test/long/crowd'] }
  return all[what] ?? Object.values(all).flat()
}

function linesOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line)).sort((one, other) => one.seed - other.seed)
}

/** The other objects in the world, the commands run, and the outcome. */
function crowded(outcomes) {
  const count = (lists) => {
    const met = new Map()
    for (const one of lists.flat()) met.set(one, (met.get(one) ?? 0) + 1)
    return [...met].sort(([one], [other]) => one.localeCompare(other))
  }
  const sum = (pick) => outcomes.reduce((total, one) => total + pick(one), 0)
  return table([
    [`worlds, seeds ${first} to ${first + seeds - 1}`, outcomes.length],
    ['commands', sum(({ commands }) => commands.length)],
    ['requests', sum(({ requests }) => requests)],
    ['objects of others', sum(({ members }) => members.length)],
    ['objects of others changed or lost, deployments that could not sign in', sum(({ problems }) => problems.length)],
    ['', ''],
    ...count(outcomes.map(({ members }) => members)),
    ['', ''],
    ...count(outcomes.map(({ commands }) => commands)),
  ])
}

function table(rows) {
  const width = Math.max(...rows.map(([what]) => what.length))
  return rows.map(([what, count]) => `${what.padEnd(width)} ${String(count).padStart(8)}`.trimEnd()).join('\n')
}

/** Counts of all observed events, sorted by name. */
function figures(outcomes) {
  const met = new Map()
  for (const one of outcomes) for (const [what, count] of one.met) met.set(what, (met.get(what) ?? 0) + count)
  const runs = met.get('run of hma') ?? 0
  met.delete('run of hma')
  const sum = (pick) => outcomes.reduce((total, one) => total + pick(one), 0)
  return table([
    [`schedules, seeds ${first} to ${first + seeds - 1}`, outcomes.length],
    ['runs of hma', runs],
    ['requests', sum(({ asked }) => asked)],
    ['promises broken', sum(({ problems }) => problems.length)],
    ['', ''],
    ...[...met].sort(([one], [other]) => one.localeCompare(other)),
  ])
}
