// Prints every promised figure next to its target and its lower bound, and keeps them in bench/results.json.
//   npm run bench                     everything except renewal, hostile and tests: about fifteen minutes
//   npm run bench -- start peer       some: start, peer, plan, apply, rehearse, fleet, throttling, wave, renewal, hostile, tests
//   npm run bench -- --write          and keep them in docs/performance.md, too
// Times depend on the machine and its load: ratios within one run are better, ratios of CPU time better still, and exact counts are best.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { alone, fleet, throttling } from './fleet.mjs'
import { hostile } from './hostile.mjs'
import { deployment, lab, program, run } from './lab.mjs'
import { chainOf } from './log.mjs'
import { peer } from './peer.mjs'
import { tests } from './tests.mjs'
import { renewal, wave } from './waves.mjs'

const rows = []

/** `target` is the maximum allowed, `atLeast` the minimum, `least` the lower bound. */
function told(name, measured, { unit = '', target, atLeast, least, digits = 2 } = {}) {
  const within = (target === undefined || measured <= target) && (atLeast === undefined || measured >= atLeast)
  const wanted = atLeast === undefined ? target : `≥ ${atLeast}`
  rows.push({
    name,
    measured: Number(measured.toFixed(3)),
    unit,
    target: wanted,
    least,
    within,
    load: Number(loadavg()[0].toFixed(1)),
  })
  const shown = [measured.toFixed(digits), unit].filter(Boolean).join(' ')
  const bounds = [target === undefined ? '' : `at most ${target}`, atLeast === undefined ? '' : `at least ${atLeast}`]
  const beside = [...bounds, least === undefined ? '' : `lower bound ${least}`].filter(Boolean).join(', ')
  process.stdout.write(`${within ? ' ' : '!'} ${name.padEnd(64)} ${shown.padStart(12)}   ${beside}\n`)
}

/** Runs the commands in turn, so that other load affects all of them, and takes the fastest, since load can only add. */
async function inTurn(times, works) {
  const ran = works.map(() => [])
  for (let time = 0; time < times; time++) for (const [index, work] of works.entries()) ran[index].push(await work())
  const least = (each, what) => Math.min(...each.map((one) => one[what]))
  return ran.map((each) => ({ seconds: least(each, 'seconds'), cpu: least(each, 'cpu'), megabytes: least(each, 'megabytes') }))
}

/** Versions of Node.js that cache compiled code between runs have a stricter target. */
const mostOfPlan = Number.parseInt(process.versions.node, 10) >= 24 ? 3.5 : 4.5

async function start() {
  const here = await lab({ tenants: 2 })
  try {
    writeFileSync(join(here.folder, 'offline.yaml'), deployment(1, 443).replace(/\n {2}caFile.*/, ''))
    await here.run('apply --sandbox --yes --quiet -f offline.yaml')
    await here.run('apply --yes --quiet')
    await here.wire.set({ recording: true })
    const bare = await alone(here, 'plan')
    await here.wire.set({ recording: false })
    const [node, version, validate, local, plan] = await inTurn(15, [
      () => here.run('', { args: ['-e', '0'] }),
      () => here.run('--version'),
      () => here.run('validate -f offline.yaml'),
      () => here.run('plan --sandbox -f offline.yaml'),
      () => here.run('plan'),
    ])
    // It has no tokens that the sandbox would accept.
    await here.wire.set({ mode: 'replay' })
    const [requests] = await inTurn(5, [() => bare(1)])
    const least = Number((requests.cpu / node.cpu).toFixed(1))
    told('start: node -e 0, CPU time', node.cpu * 1000, { unit: 'ms', digits: 0 })
    told('start: hma --version, times node -e 0', version.cpu / node.cpu, { target: 1.3, least: 1 })
    told('start: hma validate, times node -e 0', validate.cpu / node.cpu, { target: 2.2, least: 1 })
    told('start: hma plan, no change, times node -e 0', plan.cpu / node.cpu, { target: mostOfPlan, least })
    told('start: hma plan, no change: the same by the clock', plan.seconds / node.seconds)
    told('start: hma plan, no change: memory', plan.megabytes, { unit: 'MB', digits: 0 })
    told('start: hma plan --sandbox on an existing world', local.seconds, { unit: 's', target: 1.5 })
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
    const [near, far] = (await inTurn(7, [() => asked(0), () => asked(100)])).map(({ seconds }) => seconds)
    const { log } = await asked(250)
    const signIns = log.filter(({ url }) => url.includes('/oauth2/'))
    told('plan, no change: round trips', chainOf(log, 250), { target: 4, least: 4, digits: 0 })
    told('plan, no change: requests, metadata of two tenants included', log.length, { target: 22, least: 21, digits: 0 })
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
 * What is read between two writes is a wait for replicas: the same poll, until it has shown the same often enough. So the writes
 * that others wait for are measured by delaying only writes: by how much longer the whole takes, in units of the delay.
 */
async function apply() {
  const held = 2000
  const quick = await applied({})
  const ran = await applied({ delay: 100 })
  const slow = await applied({ delay: 100, delayOfWrites: held })
  const target = 1.25 * dependentWrites
  told('apply, empty world: whole process, no delay', quick.seconds, { unit: 's', target: 10, digits: 1 })
  told('apply, empty world: requests', quick.log.length, { target: 130, digits: 0 })
  told('apply, empty world: writes', ran.log.filter(isWrite).length, { digits: 0 })
  const waitedFor = ((slow.seconds - ran.seconds) * 1000) / held
  told('apply, empty world: writes that the end waits for', waitedFor, { target, least: dependentWrites, digits: 1 })
  told('apply, empty world: requests one after the other, polls included', chainOf(ran.log, 100), { digits: 0 })
  told('apply, empty world: whole process at 100 ms a request', ran.seconds, { unit: 's', digits: 1 })
}

/** A first apply, which has the most work, from a saved copy: without the reads. */
async function rehearse() {
  const here = await lab({ tenants: 2 })
  try {
    await here.run('rehearse --schedules 0 --save copy.json --quiet')
    const [whole, calm] = await inTurn(3, [
      () => here.run('rehearse --from copy.json --quiet'),
      () => here.run('rehearse --from copy.json --schedules 0 --quiet'),
    ])
    told('rehearse, first apply: a year and 50 schedules of faults', whole.seconds, { unit: 's', target: 10, digits: 1 })
    told('rehearse, first apply: the same, CPU time', whole.cpu, { unit: 's', digits: 1 })
    told('rehearse, first apply: the same without faults, CPU time', calm.cpu, { unit: 's', digits: 1 })
    told('rehearse, first apply: memory', whole.megabytes, { unit: 'MB', digits: 0 })
  } finally {
    await here.close()
  }
}

const sections = {
  start,
  peer: () => peer(told, inTurn),
  plan,
  apply,
  rehearse,
  fleet: () => fleet(told),
  throttling: () => throttling(told),
  wave: () => wave(told),
  renewal: () => renewal(told),
  hostile: () => hostile(told),
  tests: () => tests(told),
}
/** Only if named: a thousand deployments are set up, servers that misbehave are waited for, all tests are run. */
const long = ['renewal', 'hostile', 'tests']
const named = process.argv.slice(2).filter((name) => name !== '--write')
const wanted = named.length > 0 ? named : Object.keys(sections).filter((name) => !long.includes(name))
const unknown = wanted.find((name) => !(name in sections))
if (unknown !== undefined) throw new Error(`There is no ${unknown}: choose from ${Object.keys(sections).join(', ')}`)

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'))
const [{ model } = { model: 'unknown' }] = cpus()
process.stdout.write(`hma ${version}, Node ${process.versions.node}, ${cpus().length} processors (${model})\n\n`)
const busy = () => loadavg()[0] > cpus().length
if (busy()) process.stdout.write(`The machine is busy (load ${loadavg()[0].toFixed(1)}): the clock's times mean little now.\n\n`)
if (process.env.NODE_EXTRA_CA_CERTS)
  process.stdout.write(
    'NODE_EXTRA_CA_CERTS is set, which Node.js 20 reads at every start: it makes `node -e 0` slower, and ratios smaller.\n\n',
  )
if (!existsSync(program)) throw new Error('Run npm run build first.')
await run('--version', { cwd: import.meta.dirname })
for (const [name, section] of Object.entries(sections)) if (wanted.includes(name)) await section()

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
