import { afterEach, expect, test, vi } from 'vitest'
import { seededRandom } from '../../packages/sandbox/src/faults/random.ts'
import { type Lab, lab } from '../support/customCloud.ts'
import { day, minute, onMachine, quickPace } from '../support/machines.ts'

let here: Lab
afterEach(async () => {
  vi.restoreAllMocks()
  await here.leave()
})

/** The clocks of a fleet, in minutes ahead of Azure: two days apart at the most, closer together where it matters. */
const wrong = [-1440, -1080, -720, -300, -61, -30, -10, -6, 6, 10, 30, 61, 300, 720, 1080, 1440]
const right = [-4, -3, -2, -1, 0, 1, 2, 3, 4]

/** Scheduled runs land on any machine of the fleet: here two every week, of which the first has a wrong clock, for two years. */
test('for two years, machines with clocks up to a day off leave renewals to the others, and sign-in never breaks', async () => {
  here = await lab({ copy: true }, quickPace)
  const random = seededRandom(20)
  const any = (clocks: readonly number[]): number => clocks[Math.floor(random() * clocks.length)] ?? 0
  let renewals = 0
  for (let days = 7; days <= 728; days += 7) {
    const [astray, fit] = [any(wrong), any(right)]
    const refused = await onMachine(here, astray * minute, 'apply --yes', days * day)
    expect(refused.writes, `day ${days}, ${astray} minutes ahead`).toBe(0)
    const done = await onMachine(here, fit * minute, 'apply --yes', days * day)
    expect(done.code, done.stderr).toBe(0)
    // A machine whose clock is far off refuses exactly what another one then does.
    expect(refused.code, `day ${days}, ${astray} minutes ahead`).toBe(done.writes > 0 ? 1 : 0)
    if (done.writes > 0) renewals++
    expect(here.sandbox.violations, `day ${days}`).toEqual([])
  }
  expect(renewals).toBeGreaterThan(8)
  const { stdout } = await onMachine(here, 0, 'plan --json', 728 * day)
  expect(JSON.parse(stdout).summary).toMatchObject({ create: 0, update: 0, manual: 0 })
}, 240_000)
