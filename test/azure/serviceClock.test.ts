import { describe, expect, test } from 'vitest'
import { serviceClock } from '../../src/azure/http/serviceClock.ts'

const noon = Date.parse('2026-11-28T12:00:00Z')

/** A machine with an adjustable clock, and services that answer after some milliseconds. */
function machine(skew: number) {
  let true_ = noon
  let wrong = skew
  const clock = serviceClock(() => true_ + wrong)
  return {
    clock,
    set: (to: number) => void (wrong = to),
    answer(host: string, { after = 100, headers = {}, off = 0 } = {}) {
      const arrived = clock.asked(host)
      true_ += after
      arrived({ date: new Date(true_ + off).toUTCString(), ...headers })
    },
  }
}

describe('the clock of the services', () => {
  test("is the machine's until a service has answered, and while the difference may be noise", () => {
    const { clock, answer } = machine(900)
    expect(clock.skew()).toBe(0)
    answer('graph')
    expect(clock.skew()).toBe(0)
    expect(clock.now()).toBe(noon + 100 + 900)
  })

  test.each([-86_400_000, -90_000, 4_000, 300_000, 86_400_000])('a machine that is %i ms ahead', (skew) => {
    const { clock, answer } = machine(skew)
    answer('graph')
    expect(Math.abs(clock.skew() - skew)).toBeLessThan(1000)
    expect(Math.abs(clock.now() - (noon + 100))).toBeLessThan(1000)
  })

  test('a slow answer counts less than a quick one, and a cached answer not at all', () => {
    const { clock, answer } = machine(10_000)
    answer('graph', { after: 60_000 })
    expect(clock.skew()).toBe(0)
    answer('graph')
    expect(Math.abs(clock.skew() - 10_000)).toBeLessThan(1000)
    answer('graph', { off: -3_600_000, headers: { age: '3600' } })
    answer('graph', { headers: { date: 'nonsense' } })
    expect(Math.abs(clock.skew() - 10_000)).toBeLessThan(1000)
  })

  test('one service whose own clock is wrong does not count against the others', () => {
    const { clock, answer } = machine(0)
    for (const host of ['login', 'graph', 'vault']) answer(host)
    answer('exchange', { off: 3_600_000 })
    expect(clock.skew()).toBe(0)
  })

  test('in a fleet with thousands of hosts, the latest answers determine the time', () => {
    const { clock, answer, set } = machine(600_000)
    for (let host = 0; host < 1000; host++) answer(`vault ${host}`)
    expect(Math.abs(clock.skew() - 600_000)).toBeLessThan(1000)
    set(0)
    for (let host = 0; host < 31; host++) answer(`environment ${host}`)
    expect(clock.skew()).toBe(0)
  })

  test('a machine clock that is corrected counts at once', () => {
    const { clock, answer, set } = machine(600_000)
    answer('graph')
    set(0)
    answer('graph')
    expect(clock.skew()).toBe(0)
  })
})
