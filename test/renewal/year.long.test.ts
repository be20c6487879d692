import { expect, test } from 'vitest'
import { openDeployment } from '../support/deployment.ts'
import { counted, replaced, weekly } from './weekly.ts'

test('a year of weekly applies renews certificate and secret in time, and never breaks sign-in', async () => {
  const here = await openDeployment()
  try {
    const seen = await weekly(here, 52)
    expect(here.sandbox.violations).toEqual([])
    // A certificate of 12 months is renewed in the first week with less than 30 days left, a secret of 180 days likewise.
    expect([replaced(seen, 'certificate'), replaced(seen, 'secret')]).toEqual([[336], [154, 308]])
    // The former one stays for the 7 days of overlap: until the apply of the week after.
    expect([counted(seen, 'certificate', 2), counted(seen, 'secret', 2)]).toEqual([[336], [154, 308]])
  } finally {
    await here.close()
  }
})
