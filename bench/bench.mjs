// Prints every promised figure next to its target and its lower bound, and keeps them in bench/results.json.
//   npm run bench                     all of them
//   npm run bench -- start plan       some: start, plan, apply, fleet, throttling, hostile
//   npm run bench -- --write          and keep them in docs/performance.md, too
// Times depend on the machine and its load: ratios within one run are better, and exact counts are best.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { fleet, throttling } from './fleet.mjs'
import { hostile } from './hostile.mjs'
import { deployment, lab, program, run } from './lab.mjs'
import { chainOf } from './log.mjs'

const rows = []

/** `target` is the maximum allowed, `least` the lower bound. */
function told(name, measured, { unit = '', target, least, digits = 2 } = {}) {
  const within = target === undefined || measured <= target
  rows.push({ name, measured: Number(measured.toFixed(3)), unit, target, least, within })
  const shown = [measured.toFixed(digits), unit].filter(Boolean).join(' ')
  const beside = [target === undefined ? '' : `at most ${target}`, least === undefined ? '' : `lower bound ${least}`]
    .filter(Boolean)
    .join(', ')
  process.stdout.write(`${within ? ' ' : '!'} ${name.padEnd(58)} ${shown.padStart(12)}   ${beside}\n`)
}

/** Runs the commands in turn, so that other load affects all of them, and takes the fastest, since load can only add. */
async function inTurn(times, works) {
  const seconds = works.map(() => [])
  for (let time = 0; time < times; time++)
    for (const [index, work] of works.entries()) seconds[index].push((await work()).seconds)
  return seconds.map((each) => Math.min(...each))
}

async function start() {
  const here = await lab({ tenants: 2 })
  try {
    const nothing = { args: ['-e', '0'] }
    writeFileSync(join(here.folder, 'offline.yaml'), deployment(1, 443).replace(/\n {2}caFile.*/, ''))
    await here.run('apply --sandbox --yes --quiet -f offline.yaml')
    const [node, version, validate, local] = await inTurn(15, [
      () => here.run('', nothing),
      () => here.run('--version'),
      () => here.run('validate -f offline.yaml'),
      () => here.run('plan --sandbox -f offline.yaml'),
    ])
    told('start: node -e 0', node * 1000, { unit: 'ms', digits: 0 })
    told('start: hma --version, times node -e 0', version / node, { target: 1.3, least: 1 })
    told('start: hma validate, times node -e 0', validate / node, { target: 2.2, least: 1 })
    told('start: hma plan --sandbox on an existing world', local, { unit: 's', target: 1.5 })
  } finally {
    await here.close()
  }
}

/** A custom cloud, so the authority's metadata is needed: one more round trip, and a request per tenant. */
async function plan() {
  const here = await lab({ tenants: 2 })
  try {
    await here.run('apply --yes --quiet')
    const asked = async (delay) => {
      await here.wire.set({ delay })
      await here.wire.log()
      const ran = await here.run('plan --detailed-exitcode')
      return { ...ran, ...(await here.wire.log()) }
    }
    const [near, far] = await inTurn(7, [() => asked(0), () => asked(100)])
    const { log } = await asked(250)
    const signIns = log.filter(({ url }) => url.includes('/oauth2/'))
    told('plan, no change: round trips', chainOf(log, 250), { target: 4, least: 4, digits: 0 })
    told('plan, no change: requests, metadata of two tenants included', log.length, { target: 20, least: 19, digits: 0 })
    told('plan, no change: sign-ins', signIns.length, { target: 5, least: 5, digits: 0 })
    told('plan, no change: challenges', log.filter(({ status }) => status === 401).length, { target: 2, least: 0, digits: 0 })
    told('plan, no change: 100 ms a request takes longer by', (far - near) * 1000, {
      unit: 'ms',
      target: 460,
      digits: 0,
    })
    told('plan, no change: whole process, no delay', near, { unit: 's' })
  } finally {
    await here.close()
  }
}

/** Longest chain of writes of which each needs the one before it: KV-App, its principal, secret, copy, and three rows in Dynamics. */
const dependentWrites = 7

const isWrite = ({ method, host }) => method !== 'GET' && !host.startsWith('login.')

async function applied(slowness) {
  const here = await lab()
  try {
    await here.wire.set(slowness)
    const { seconds } = await here.run('apply --yes --quiet')
    return { seconds, ...(await here.wire.log()) }
  } finally {
    await here.close()
  }
}

/**
 * What is read between two writes is a wait for replicas: the same look again, until it has shown the same often enough. So the writes
 * that others wait for are told by holding back writes alone: by how much longer the whole takes, in units of that.
 */
async function apply() {
  const held = 2000
  const ran = await applied({ delay: 100 })
  const slow = await applied({ delay: 100, delayOfWrites: held })
  const target = 1.25 * dependentWrites
  told('apply, empty world: writes', ran.log.filter(isWrite).length, { digits: 0 })
  const waitedFor = ((slow.seconds - ran.seconds) * 1000) / held
  told('apply, empty world: writes that the end waits for', waitedFor, { target, least: dependentWrites, digits: 1 })
  told('apply, empty world: requests one after the other, looks included', chainOf(ran.log, 100), { digits: 0 })
  told('apply, empty world: whole process at 100 ms a request', ran.seconds, { unit: 's', digits: 1 })
}

const sections = {
  start,
  plan,
  apply,
  fleet: () => fleet(told),
  throttling: () => throttling(told),
  hostile: () => hostile(told),
}
const wanted = process.argv.slice(2).filter((name) => name !== '--write')
const unknown = wanted.find((name) => !(name in sections))
if (unknown !== undefined) throw new Error(`There is no ${unknown}: choose from ${Object.keys(sections).join(', ')}`)

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'))
const [{ model } = { model: 'unknown' }] = cpus()
process.stdout.write(`hma ${version}, Node ${process.versions.node}, ${cpus().length} processors (${model})\n\n`)
if (!existsSync(program)) throw new Error('Run npm run build first.')
await run('--version', { cwd: import.meta.dirname })
for (const [name, section] of Object.entries(sections)) if (wanted.length === 0 || wanted.includes(name)) await section()

const machine = { node: process.versions.node, processors: cpus().length, model, gigabytes: Math.round(totalmem() / 2 ** 30) }
const file = join(import.meta.dirname, 'results.json')
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).figures : []
const figures = [...before.filter(({ name }) => !rows.some((row) => row.name === name)), ...rows]
writeFileSync(file, `${JSON.stringify({ version, at: new Date().toISOString(), machine, figures }, null, 2)}\n`)
process.stdout.write(`\n${rows.filter(({ within }) => !within).length} of ${rows.length} are not as they should be.\n`)

/** All known figures as a table between the markers. */
function keep() {
  const page = join(import.meta.dirname, '..', 'docs', 'performance.md')
  const shown = ({ measured, unit }) =>
    [measured >= 100 ? measured.toFixed(0) : String(Number(measured.toFixed(2))), unit].filter(Boolean).join(' ')
  const lines = figures.map(
    (one) => `| ${one.within ? '' : '**!**'} | ${one.name} | ${shown(one)} | ${one.target ?? ''} | ${one.least ?? ''} |`,
  )
  const heading = `Node ${machine.node}, ${machine.processors} processors (${machine.model}).\n\n| | figure | measured | at most | lower bound |\n|---|---|---|---|---|`
  const text = readFileSync(page, 'utf8')
  const [marker] = /<!-- figures: .*? -->/.exec(text) ?? ['']
  const [before, rest] = text.split(marker)
  const after = rest.slice(rest.indexOf('<!-- end -->'))
  writeFileSync(page, `${before}${marker}\n${heading}\n${lines.join('\n')}\n${after}`)
}

if (process.argv.includes('--write')) keep()
