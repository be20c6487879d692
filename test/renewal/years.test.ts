import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../src/sandbox/continuity.ts'
import {
  broken,
  copiedSecret,
  day,
  deliveredSecret,
  ourCertificates,
  ourSecrets,
  servedThumbprint,
} from '../support/credentials.ts'
import { type Stage, stage, type Variant } from '../support/deployment.ts'

let open: Stage | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

const weeks = 3 * 52

/** What was there at the end of a week's apply. */
interface Week {
  readonly certificate: string | undefined
  readonly secret: string | undefined
  readonly certificates: number
  readonly secrets: number
}

/** Days since the first apply on which this was so. */
const days = (seen: readonly Week[], is: (one: Week, before: Week | undefined) => boolean): number[] =>
  seen.flatMap((one, week) => (is(one, seen[week - 1]) ? [week * 7] : []))

const variants: readonly (readonly [string, Variant])[] = [
  ['with Dynamics', {}],
  ['without Dynamics: the vault keeps the secret', { dynamics: false }],
]

describe.each(variants)('three years of weekly applies, %s', (_name, variant) => {
  test('renew in time, leave nothing behind, and never break sign-in', async () => {
    const here = await stage(variant)
    open = here
    const { sandbox } = here
    const { world } = sandbox
    const state = () => (variant.dynamics === false ? broken(world, sandbox.now()) : violations(world, sandbox.now()))
    const inUse = () => (variant.dynamics === false ? copiedSecret(world) : deliveredSecret(world))
    await here.apply()
    const seen: Week[] = []
    for (let week = 0; week <= weeks; week++) {
      expect({ week, broken: state() }).toEqual({ week, broken: [] })
      const { events } = await (await here.process()).apply()
      expect({ week, broken: state() }).toEqual({ week, broken: [] })
      expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
      const left = (await here.plan()).filter(({ action }) => action !== 'none')
      expect({ week, left }).toEqual({ week, left: [] })
      seen.push({
        ...{ certificate: servedThumbprint(world), secret: inUse()?.keyId },
        ...{ certificates: ourCertificates(world).length, secrets: ourSecrets(world).length },
      })
      sandbox.advance(7 * day)
    }
    expect(sandbox.violations).toEqual([])

    // A certificate of 12 months is renewed in the first week with less than 30 days left, a secret of 180 days likewise.
    const renewed = { certificates: [336, 672, 1008], secrets: [154, 308, 462, 616, 770, 924, 1078] }
    expect({
      certificates: days(seen, (one, before) => before !== undefined && one.certificate !== before.certificate),
      secrets: days(seen, (one, before) => before !== undefined && one.secret !== before.secret),
    }).toEqual(renewed)
    // The former one stays for the 7 days of overlap: until the apply of the week after.
    expect({
      certificates: days(seen, ({ certificates }) => certificates === 2),
      secrets: days(seen, ({ secrets }) => secrets === 2),
    }).toEqual(renewed)
    expect(days(seen, ({ certificates, secrets }) => certificates > 2 || secrets > 2)).toEqual([])
  }, 180_000)
})
