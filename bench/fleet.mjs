import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fleetOf, lab, program } from './lab.mjs'
import { exponentOf } from './log.mjs'

const together = 32

/** The sandbox's answers for one deployment, recorded and replayed for a whole fleet, so that the sandbox itself is not measured. */
async function recorded() {
  const here = await lab()
  await here.run('apply --yes --quiet')
  await here.wire.set({ recording: true })
  await here.run('plan')
  await here.wire.set({ recording: false, mode: 'replay' })
  const bare = await alone(here, 'plan')
  await here.wire.set({ delay: 100 })
  await here.stopSandbox()
  return { ...here, stopSandbox: async () => {}, plan: (...asked) => planned(here, ...asked), bare }
}

/** The requests of a command alone, for the given number of deployments. */
export async function alone(here, command) {
  const delay = 100
  await here.wire.set({ listening: true, delay })
  await here.run(command)
  await here.wire.set({ listening: false, delay: 0 })
  const { asked } = await here.wire.asked()
  const rounds = []
  for (const { began, ...one } of asked) {
    const round = Math.round((began - asked[0].began) / delay)
    rounds[round] = [...(rounds[round] ?? []), one]
  }
  const file = join(here.folder, 'bare.json')
  writeFileSync(file, JSON.stringify({ authority: here.wire.authority, rounds: rounds.filter(Boolean) }))
  const script = join(import.meta.dirname, 'bare.mjs')
  return (size) => here.run('', { args: [script, file, String(size), String(together)] })
}

/** In one process, or in one for each shard. */
async function planned(here, size, { wire = {}, flags = [], shards = 1 } = {}) {
  writeFileSync(join(here.folder, 'fleet.yaml'), fleetOf(size, here.wire.port, { principals: here.principals }))
  await here.wire.set(wire)
  await here.wire.log()
  const line = `plan -f fleet.yaml --concurrency ${together} --detailed-exitcode`
  const ran = await Promise.all(
    Array.from({ length: shards }, (_, index) => here.run(`${line} --shard ${index}/${shards}`, { args: [...flags, program] })),
  )
  const sum = (what) => ran.reduce((all, one) => all + one[what], 0)
  const seconds = Math.max(...ran.map((one) => one.seconds))
  return { seconds, cpu: sum('cpu'), megabytes: sum('megabytes'), ...(await here.wire.log()) }
}

/** A thousand deployments in a thousand tenants, in one process. */
export async function fleet(told) {
  const here = await recorded()
  try {
    const sizes = [10, 100, 1000]
    const ran = []
    for (const size of sizes) ran.push(await here.plan(size))
    const [few, , all] = ran
    const each = (many, some) => (1000 * (many.cpu - some.cpu)) / (1000 - 10)
    const [least, most] = [await here.bare(10), await here.bare(1000)]
    told('fleet: 1,000 deployments at 100 ms a request', all.seconds, { unit: 's', target: 18, digits: 1 })
    told('fleet: most memory', all.megabytes, { unit: 'MB', target: 300, digits: 0 })
    const bound = each(most, least)
    told('fleet: processor time of one deployment', each(all, few), { unit: 'ms', least: Number(bound.toFixed(1)), digits: 1 })
    told('fleet: the same, times its requests alone', each(all, few) / bound, { target: 2, least: 1, digits: 1 })
    told('fleet: exponent of processor time, 10 to 1,000', exponentOf(sizes.map((size, index) => [size, ran[index].cpu])), {
      target: 1.05,
    })
    told('fleet: requests of one deployment', all.log.length / 1000, { target: 20, least: 19 })
    const halves = await here.plan(1000, { shards: 2 })
    told('fleet: the same 1,000 as two shards at once', halves.seconds, { unit: 's', target: 18, digits: 1 })
    told('fleet: two shards at once: memory of both', halves.megabytes, { unit: 'MB', digits: 0 })
    const small = await here.plan(1000, { flags: ['--max-old-space-size=160'] })
    told('fleet: most memory with --max-old-space-size=160', small.megabytes, { unit: 'MB', target: 300, digits: 0 })
    told('fleet: 1,000 deployments in that', small.seconds, { unit: 's', digits: 1 })
    const slow = await here.plan(100, { wire: { slow: 'fleet-0007' } })
    told('fleet: a tenant that is 20 times slower makes 100 longer by', slow.seconds - ran[1].seconds, { unit: 's', digits: 1 })
  } finally {
    await here.close()
  }
}

/** Three answers in ten refused, asking to try again after a second. */
export async function throttling(told) {
  const here = await recorded()
  try {
    const [calm, busy] = [await here.plan(32), await here.plan(32, { wire: { throttled: 0.3 } })]
    const waits = busy.refusals / 32
    told('throttling: refusals for each deployment', waits, { digits: 1 })
    told('throttling: requests, times what is needed', busy.log.length / calm.log.length, { target: 1.6, least: 1.43 })
    told('throttling: 32 deployments take longer by', busy.seconds - calm.seconds, { unit: 's', digits: 1 })
  } finally {
    await here.close()
  }
}
