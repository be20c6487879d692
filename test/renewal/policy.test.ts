import { afterEach, expect, test } from 'vitest'
import { HmaError } from '../../src/core/errors.ts'
import { ourCertificates } from '../support/credentials.ts'
import { type Applied, type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'

/** What a tenant's policy prevents, and how hma goes on (https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy). */
let here: OpenDeployment
afterEach(() => here.close())

const failures = ({ events }: Applied): readonly unknown[] =>
  events.flatMap((event) => (event.type === 'failed' ? [event.error] : []))

const validFor = (months: number): Pick<Variant, 'certificate'> => ({
  certificate: ['issuer: hma', 'subject: CN=hma.contoso.com', `validityMonths: ${months}`],
})

const aYear = { certificateDays: 365 }
const day = 86_400_000

/** Refused, with the name of the policy, and the place in the configuration that has to be another one. */
function expectRefusal(applied: Applied): void {
  const [error, ...others] = failures(applied)
  expect(others).toEqual([])
  if (!(error instanceof HmaError)) throw error
  expect(error.message).toMatch(/Could not set the certificates of the application: .*CredentialInvalidLifetimeAsPerAppPolicy/)
  expect(error.hint).toMatch(/policy 00000000-0000-0000-0000-000000000000 allows a shorter lifetime only/)
  expect(error.hint).toContain('certificate.validityMonths')
}

async function expectSettled(): Promise<void> {
  expect(failures(await here.apply())).toEqual([])
  const { changes, writes } = await here.apply()
  expect([changes.filter(({ action }) => action !== 'none'), writes]).toEqual([[], []])
}

test('with a policy of at most a year, the first apply says so, and a lower validityMonths continues from there', async () => {
  here = await openDeployment(validFor(24), aYear)
  expectRefusal(await here.apply())
  const { sandbox } = here
  here = { ...(await here.with(validFor(12))), close: here.close }
  await expectSettled()
  expect(ourCertificates(sandbox.world)).toHaveLength(1)
})

test('a later policy does not affect what is trusted and takes effect at the renewal', async () => {
  here = await openDeployment(validFor(24))
  await here.apply()
  const { sandbox } = here
  Object.assign(sandbox.settings, aYear)
  expect(failures(await here.apply())).toEqual([])
  const before = ourCertificates(sandbox.world)
  expectRefusal(await here.apply({ rotate: 'certificate' }))
  expect(ourCertificates(sandbox.world)).toEqual(before)
  expect(sandbox.violations).toEqual([])
  here = { ...(await here.with(validFor(12))), close: here.close }
  await expectSettled()
  expect(sandbox.violations).toEqual([])
  expect(ourCertificates(sandbox.world)).toHaveLength(2)
})

test('a year is 365 days, whether or not a leap day is among them', async () => {
  for (const start of ['2031-06-15T12:00:00Z', '2027-03-01T00:01:00Z', '2028-02-29T23:59:00Z', '2030-01-01T00:00:00Z']) {
    here = await openDeployment(validFor(12), aYear)
    here.sandbox.advance(Date.parse(start) - here.sandbox.now().getTime())
    await expectSettled()
    for (const { startDateTime, endDateTime } of ourCertificates(here.sandbox.world)) {
      const days = (Date.parse(endDateTime) - Date.parse(startDateTime)) / day
      expect([days > 363, days <= 365]).toEqual([true, true])
    }
    await here.close()
  }
})
