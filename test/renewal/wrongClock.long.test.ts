import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Lab, lab } from '../support/customCloud.ts'
import { minute, onMachine as onMachineOf, quickPace } from '../support/machines.ts'

let here: Lab
beforeAll(async () => {
  here = await lab({ copy: true }, quickPace)
})
afterEach(() => void vi.restoreAllMocks())
afterAll(() => here.leave())

const onMachine = (skew: number, line: string, elapsed?: number) => onMachineOf(here, skew, line, elapsed)

describe('renewal on machines whose clocks are wrong', () => {
  test.each([-1440, -60, -10, 10, 60, 1440])(
    '%i minutes ahead: nothing is written, and the difference is told',
    async (minutes) => {
      const said = await onMachine(minutes * minute, 'rotate certificate --yes')
      expect(said).toMatchObject({ code: 1, writes: 0 })
      expect(said.stderr).toMatch(/HMA135/)
      expect(said.stderr.replace(/\s+/g, ' ')).toMatch(
        new RegExp(`(10 minutes|60 minutes|24 hours) ${minutes > 0 ? 'ahead of' : 'behind'} Azure's`),
      )
    },
  )

  // What is renewed begins when the services say so: the sandbox watches sign-in after every request.
  test.each([-4, -2, 2, 4])(
    '%i minutes ahead: certificate and secret are renewed without an outage, with a remark',
    async (minutes) => {
      for (const what of ['certificate', 'clientSecret']) {
        const said = await onMachine(minutes * minute, `rotate ${what} --yes`)
        expect(said.code, said.stderr).toBe(0)
        expect(said.writes).toBeGreaterThan(0)
        expect(said.stdout).toMatch(/clock of this machine is/)
      }
      expect(here.sandbox.violations).toEqual([])
      const planned = await onMachine(minutes * minute, 'plan --json')
      const { deployments, summary } = JSON.parse(planned.stdout)
      expect(summary).toMatchObject({ create: 0, update: 0, manual: 0 })
      expect(deployments[0].remarks).toContainEqual(expect.objectContaining({ address: 'contoso', severity: 'warning' }))
    },
  )

  test.each([-360, 360])('%i days ahead: a plan uses the clock of the services, so nothing is due', async (days) => {
    const { stdout } = await onMachine(days * 1440 * minute, 'plan --json')
    expect(JSON.parse(stdout).summary).toMatchObject({ create: 0, update: 0 })
  })

  test('a plan that fails says how wrong the clock is', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = { status: 400, headers, body: '{"error":{"code":"Odd","message":"Odd."}}' }
    here.sandbox.faults.push({ service: 'graph', times: 100, when: 'instead', answer })
    const said = await onMachine(23 * minute, 'plan')
    here.sandbox.faults.length = 0
    expect(said.code).toBe(1)
    expect(said.stderr.replace(/\s+/g, ' ')).toContain("The clock of this machine is 23 minutes ahead of Azure's.")
  })

  test('with nothing to do, a wrong clock is a remark', async () => {
    const said = await onMachine(60 * minute, 'apply --yes')
    expect(said).toMatchObject({ code: 0, writes: 0 })
    expect(said.stdout.replace(/\s+/g, ' ')).toContain('hma writes nothing until it is right')
  })
})

/** The machines of a fleet take turns with the same deployment, like scheduled runs that land on any of them. */
test('in a fleet with clocks up to a day off, the machines with correct clocks renew, and sign-in never breaks', async () => {
  const fleet = [-1440, -10, 4, 10, -4, 1440]
  for (const days of [160, 320, 338]) {
    const elapsed = days * 1440 * minute
    const written: number[] = []
    for (const minutes of fleet) {
      const { writes: count, stderr } = await onMachine(minutes * minute, 'apply --yes', elapsed)
      if (Math.abs(minutes) > 5) expect(count, stderr).toBe(0)
      written.push(count)
    }
    expect(written.some((count) => count > 0)).toBe(true)
    const { stdout } = await onMachine(0, 'plan --json', elapsed)
    expect(JSON.parse(stdout).summary).toMatchObject({ create: 0, update: 0, manual: 0 })
  }
  expect(here.sandbox.violations).toEqual([])
}, 240_000)

// What is read may depend on the time too: a policy of HMA-App alone is asked for once its certificate ends soon.
test.each([-360, 0, 360])('on a machine %i days ahead, reads use the clock of the services, too', async (days) => {
  for (const tenant of Object.values(here.sandbox.world.directory.tenants))
    for (const id of Object.keys(tenant.applications))
      tenant.assignedPolicies = {
        ...tenant.assignedPolicies,
        [id]: { id: 'p', displayName: 'Mail', isEnabled: true, passwordAddition: false, keyLifetimeDays: 90 },
      }
  const limited = async (elapsed: number) => {
    const { stdout } = await onMachine(days * 1440 * minute, 'plan --json', elapsed * 1440 * minute)
    const [{ remarks }] = JSON.parse(stdout).deployments
    return remarks.filter(({ text }: { text: string }) => text.includes('limits certificates to 90 days')).length
  }
  expect(await limited(340)).toBe(0)
  expect(await limited(640)).toBe(1)
  for (const tenant of Object.values(here.sandbox.world.directory.tenants)) tenant.assignedPolicies = {}
})
