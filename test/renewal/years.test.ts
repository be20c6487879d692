import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../packages/sandbox/src/continuity.ts'
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
import { type Holding, timeline, withTimeline } from '../support/timeline.ts'

let open: Stage | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

const weeks = 3 * 52

/** What there was at the end of a week's apply. */
type Week = Readonly<Record<'certificate' | 'secret', Holding>>

/** Every week the scheduled apply, by a process that knows nothing of the one before. */
async function live(here: Stage, { dynamics = true }: Variant): Promise<readonly Week[]> {
  const { sandbox } = here
  const { world } = sandbox
  const state = () => (dynamics ? violations(world, sandbox.now()) : broken(world, sandbox.now()))
  const secret = () => (dynamics ? deliveredSecret(world) : copiedSecret(world))
  const seen: Week[] = []
  for (let week = 0; week <= weeks; week++) {
    if (week > 0) expect({ week, broken: state() }).toEqual({ week, broken: [] })
    const { events } = await (await here.process()).apply()
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    expect({ week, broken: state() }).toEqual({ week, broken: [] })
    const left = (await here.plan()).filter(({ action }) => action !== 'none')
    expect({ week, left }).toEqual({ week, left: [] })
    seen.push({
      certificate: { inUse: servedThumbprint(world), all: ourCertificates(world).map(({ thumbprint }) => thumbprint) },
      secret: { inUse: secret()?.keyId, all: ourSecrets(world).map(({ keyId }) => keyId) },
    })
    sandbox.advance(7 * day)
  }
  return seen
}

/** Days since the first apply on which another one was in use than the week before. */
const replaced = (seen: readonly Week[], sort: keyof Week): number[] =>
  seen.flatMap((one, week) => (week > 0 && one[sort].inUse !== seen[week - 1]?.[sort].inUse ? [week * 7] : []))

/** Days since the first apply on which there were so many. */
const counted = (seen: readonly Week[], sort: keyof Week, count: number): number[] =>
  seen.flatMap((one, week) => (one[sort].all.length === count ? [week * 7] : []))

const variants: readonly (readonly [string, Variant])[] = [
  ['with Dynamics', {}],
  ['without Dynamics: the vault keeps the secret', { dynamics: false }],
]

describe.each(variants)('three years of weekly applies, %s', (_name, variant) => {
  test('renew in time, leave nothing behind, and never break sign-in', async () => {
    open = await stage(variant)
    const seen = await live(open, variant)
    expect(open.sandbox.violations).toEqual([])

    // A certificate of 12 months is renewed in the first week with less than 30 days left, a secret of 180 days likewise.
    const [certificates, secrets] = [
      [336, 672, 1008],
      [154, 308, 462, 616, 770, 924, 1078],
    ]
    expect([replaced(seen, 'certificate'), replaced(seen, 'secret')]).toEqual([certificates, secrets])
    // The former one stays for the 7 days of overlap: until the apply of the week after.
    expect([counted(seen, 'certificate', 2), counted(seen, 'secret', 2)]).toEqual([certificates, secrets])
    const ones = weeks + 1
    expect(counted(seen, 'certificate', 1)).toHaveLength(ones - certificates.length)
    expect(counted(seen, 'secret', 1)).toHaveLength(ones - secrets.length)

    const guide = join(import.meta.dirname, '../../docs/guides/renewal.md')
    const picture = timeline(seen.slice(0, 57))
    await expect(withTimeline(readFileSync(guide, 'utf8'), picture)).toMatchFileSnapshot(guide)
  }, 180_000)
})
