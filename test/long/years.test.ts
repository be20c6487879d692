import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { counted, replaced, weekly } from '../renewal/weekly.ts'
import { type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import { timeline, withTimeline } from '../support/timeline.ts'

let open: OpenDeployment | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

const weeks = 3 * 52

const variants: readonly (readonly [string, Variant])[] = [
  ['with Dynamics', {}],
  ['without Dynamics: the vault keeps the secret', { dynamics: false }],
]

describe.each(variants)('three years of weekly applies, %s', (_name, variant) => {
  test('renew in time, leave nothing behind, and never break sign-in', async () => {
    open = await openDeployment(variant)
    const seen = await weekly(open, weeks, variant)
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
