import { directLab } from './lab.mjs'

/** Creates this many deployments in one run; it takes at least as long as the sandbox needs for the requests. */
async function everyFirst(size) {
  const here = await directLab({ deployments: size })
  here.configure(shortLived)
  const ran = await here.run('apply --yes --quiet')
  return { here, ...ran, requests: (await here.asked()).length }
}

/** First applies in one run, and then a renewal of everything that they made. */
export async function wave(told) {
  const size = 300
  const { here, seconds, cpu, megabytes, requests } = await everyFirst(size)
  try {
    told(`wave: ${size} first applies in one run`, seconds, { unit: 's', target: 120, digits: 0 })
    told('wave: CPU time of one deployment', (cpu / size) * 1000, { unit: 'ms', digits: 0 })
    told('wave: requests of one deployment', requests / size, { digits: 1 })
    told('wave: most memory', megabytes, { unit: 'MB', digits: 0 })
    await renewed(told, here, size)
  } finally {
    await here.close()
  }
}

/** The same renewal of a fleet of its own: 1,000 take ten minutes to set up. */
export async function renewal(told) {
  const size = Number(process.env.HMA_BENCH_RENEWALS ?? 1000)
  const { here } = await everyFirst(size)
  try {
    await renewed(told, here, size)
  } finally {
    await here.close()
  }
}

/** Both are valid for a month at first. Then more than two months are configured, which makes only the existing ones due. */
const shortLived = (config) =>
  config
    .replace('certificate: { ', 'certificate: { validityMonths: 1, renewBeforeDays: 7, ')
    .replace('clientSecret: { ', 'clientSecret: { lifetimeDays: 30, renewBeforeDays: 7, ')
const due = (config) =>
  config
    .replace('certificate: { ', 'certificate: { renewBeforeDays: 60, ')
    .replace('clientSecret: { ', 'clientSecret: { renewBeforeDays: 60, ')

/** Certificates and secrets of all deployments are due at once; 300 seconds for 1,000 of them. */
async function renewed(told, here, size) {
  here.configure(due)
  const before = (await here.asked()).length
  const { seconds, stdout, stderr } = await here.run('apply --yes')
  const requests = (await here.asked()).length - before
  const outages = /broke (once|\d+)/.exec(await here.stopSandbox())?.[1].replace('once', '1') ?? 0
  const steps = Number(/Applied: (\d+) done/.exec(stdout + stderr)?.[1] ?? 0)
  told(`renewal: certificates and secrets of ${size} in one run`, seconds, { unit: 's', target: 0.3 * size, digits: 0 })
  told('renewal: steps carried out, for each deployment', steps / size, { atLeast: 2, digits: 1 })
  told('renewal: requests of one deployment', requests / size, { digits: 1 })
  told('renewal: outages of sign-in', Number(outages), { target: 0, least: 0, digits: 0 })
}
