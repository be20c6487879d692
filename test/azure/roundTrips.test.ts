import { describe, expect, test } from 'vitest'
import { lab } from '../support/customCloud.ts'
import { openDeployment, type Variant } from '../support/deployment.ts'
import { type Round, rounds } from '../support/roundTrips.ts'

/** The requests of a new process for a no-change plan, round by round. */
async function noChange(variant: Variant): Promise<readonly Round[]> {
  const at = await openDeployment(variant)
  try {
    await at.apply()
    const counted = rounds()
    const changes = await (await at.process(counted.wire)).plan()
    expect(changes.filter(({ action }) => action !== 'none')).toEqual([])
    return await counted.ended()
  } finally {
    await at.close()
  }
}

const isSignIn = (asked: string): boolean => asked.includes('/oauth2/')

describe('a plan with nothing to do takes three round trips and reads nothing twice', () => {
  const cases: [string, Variant, { signIns: number; reads: number }][] = [
    ['two tenants, a vault of hma, a copy of the secret, Dynamics', { copy: true }, { signIns: 5, reads: 14 }],
    ['the same with a mailbox', { copy: true, mailboxes: ['{ address: sales@contoso.com }'] }, { signIns: 5, reads: 15 }],
    ['one tenant, a vault that exists, Dynamics', { create: false, tenants: 1 }, { signIns: 4, reads: 13 }],
    ['a vault with access policies, no Dynamics', { create: 'accessPolicy', dynamics: false }, { signIns: 4, reads: 11 }],
  ]

  test.each(cases)('%s', async (_name, variant, { signIns, reads }) => {
    const found = await noChange(variant)
    const asked = found.flat()
    expect(found.length).toBe(3)
    // Callers wait for tokens: the first round does all sign-ins, and the others none.
    expect(found[0]).toEqual(asked.filter(isSignIn))
    expect([asked.filter(isSignIn).length, asked.length]).toEqual([signIns, signIns + reads])
    expect(asked.length).toBeLessThanOrEqual(20)
    expect(new Set(asked).size).toBe(asked.length)
  })
})

test('in a custom cloud the endpoints of a tenant are looked up once, whatever the number of audiences', async () => {
  const at = await lab({ copy: true })
  try {
    const before = at.sandbox.log.length
    expect(await at.hma('plan --detailed-exitcode', 'reader')).toMatchObject({ code: 0 })
    const asked = at.sandbox.log.slice(before).map(({ method, url }) => `${method} ${new URL(url).pathname}`)
    expect(asked.filter((one) => one.includes('openid-configuration')).length).toBe(1)
    expect(asked.filter(isSignIn).length).toBe(4)
    expect(asked.length).toBe(19)
  } finally {
    await at.leave()
  }
})
