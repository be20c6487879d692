import { afterEach, describe, expect, test } from 'vitest'
import type { Configuration } from '../../src/config/schema.ts'
import { expiring } from '../../src/core/diff.ts'
import { certificateEarlier, secretEarlier } from '../../src/deployment/renewal/spread.ts'
import { status } from '../../src/deployment/status/status.ts'
import { expiryRows } from '../../src/views/status/rows.ts'
import { loadText } from '../config/folder.ts'
import { day } from '../support/credentials.ts'
import { configuration, type OpenDeployment, openDeployment, type Variant, yaml } from '../support/deployment.ts'

const nameOf = (number: number): string => `fleet-${number}`
const one = (name: string, more?: string): Variant => ({
  ...{ name, environmentUrl: `https://${name}.crm4.dynamics.com` },
  ...(more !== undefined && { more }),
})
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

async function spreads(count: number, more?: string): Promise<readonly (number | undefined)[]> {
  const texts = numbers(count).map((number) => yaml(one(nameOf(number), number === 0 ? more : undefined)))
  const { deployments, diagnostics } = await loadText(texts.join('\n---\n'))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return deployments.map(({ configuration: { renewal } }) => renewal?.spreadDays)
}

describe('renewals are spread', () => {
  test('if the files contain more than 16 deployments, or a deployment says so', async () => {
    expect(new Set(await spreads(16))).toEqual(new Set([undefined]))
    expect(new Set(await spreads(17))).toEqual(new Set([7]))
    expect((await spreads(17, 'renewal: { spreadDays: 0 }')).slice(0, 2)).toEqual([0, 7])
    expect(await spreads(2, 'renewal: { spreadDays: 3 }')).toEqual([3, undefined])
  })

  const named = async (name: string, more: Partial<Configuration> = {}) => ({
    ...(await configuration(yaml())),
    ...{ name, renewal: { spreadDays: 7 } },
    ...more,
  })

  test('evenly over every day of the spread, and the same way each time', async () => {
    const all = await Promise.all(numbers(1000).map(async (number) => certificateEarlier(await named(nameOf(number)))))
    const perDay = numbers(8).map((days) => all.filter((early) => early === days).length)
    expect(perDay.reduce((sum, count) => sum + count, 0)).toBe(1000)
    for (const count of perDay) expect(Math.abs(count - 125)).toBeLessThan(45)
    expect(perDay).toEqual([124, 134, 114, 119, 123, 125, 114, 147])
  })

  test('never by more than a tenth of the time between two renewals', async () => {
    const { keyVaultApp } = await configuration(yaml())
    const short = { ...keyVaultApp, clientSecret: { ...keyVaultApp.clientSecret, lifetimeDays: 39 } }
    for (const number of numbers(40)) expect(secretEarlier(await named(nameOf(number), { keyVaultApp: short }))).toBe(0)
  })

  test('for a certificate only if no person is involved', async () => {
    const { certificate } = await configuration(yaml())
    const csr = { ...certificate, source: 'csr' as const, signedFile: '/signed.cer' }
    for (const number of numbers(40)) expect(certificateEarlier(await named(nameOf(number), { certificate: csr }))).toBe(0)
  })

  test('never later than renewBeforeDays says', () => {
    const now = new Date('2030-01-01T00:00:00Z')
    const due = (left: number, early: number): boolean =>
      expiring(new Date(now.getTime() + left * day).toISOString(), 30, now, early).length > 0
    for (const early of [0, 1, 7]) for (const left of numbers(60)) expect(due(left, early)).toBe(left < 30 + early)
  })
})

describe('the day of a renewal', () => {
  let open: OpenDeployment | undefined
  afterEach(async () => {
    expect(open?.sandbox.violations ?? []).toEqual([])
    await open?.close()
    open = undefined
  })

  test('is the same in plan and status, and both say why it is earlier', async () => {
    const variant = one('fleet-1', 'renewal: { spreadDays: 7 }')
    const wanted = await configuration(yaml(variant))
    const early = secretEarlier(wanted)
    expect(early).toBeGreaterThan(0)
    open = await openDeployment(variant)
    await open.apply()
    const actual = await open.survey()
    const standing = status(wanted, { actual, unseen: new Map() }, { now: open.sandbox.now() })
    const [secret] = standing.secrets
    const due = Date.parse(secret?.renewal ?? '')
    expect(Date.parse(secret?.expires ?? '') - due).toBe((30 + early) * day)
    const told = `(${early} days early, to spread renewals)`
    expect(
      expiryRows({ ...standing, at: '', drift: null, proof: null }).find(({ what }) => what === 'secret of KV-App')?.remarks,
    ).toEqual([`renewal due on ${new Date(due).toISOString().slice(0, 10)} ${told}`])
    open.sandbox.advance(due - open.sandbox.now().getTime() - day)
    expect((await open.plan()).filter(({ action }) => action !== 'none')).toEqual([])
    open.sandbox.advance(2 * day)
    const [change] = (await open.apply()).changes.filter(({ action }) => action !== 'none')
    expect(change).toMatchObject({ address: 'fleet-1/clientSecret', reason: 'expiring' })
    expect(change?.differences[0]?.why).toBe(
      `expires in ${30 + early - 2} days (renewal was due 2 days ago; ${early} days before renewBeforeDays, to spread renewals)`,
    )
  })
})
