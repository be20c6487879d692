import { afterEach, expect, test } from 'vitest'
import { company } from '../../packages/sandbox/test/support/companyCa.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
afterEach(() => here.leave())

/** The copy yields the original's plan, although keys cannot be copied. */
async function rehearsed() {
  const { code, stdout, stderr } = await here.hma('rehearse --sandbox --schedules 0 --every 26w --json')
  if (stdout === '') throw new Error(stderr)
  const [{ verdict, planDiffers, plan, apply }] = JSON.parse(stdout).deployments
  return { code, verdict, planDiffers, plan, failures: apply.failures }
}

const deployment = (certificate: readonly string[]): string => yaml({ create: false, dynamics: false, tenants: 1, certificate })

test('a certificate that a CA signs has a stand-in in the rehearsal: before it is there, when it is, and in use', async () => {
  here = await workplace(deployment(['source: csr', 'signedFile: ./contoso.cer']))
  expect((await here.hma('apply --sandbox --yes -q')).code).toBe(3)
  expect(await rehearsed()).toMatchObject({ code: 3, verdict: 'person', planDiffers: [] })

  const { stdout } = await here.hma('csr --sandbox --only contoso')
  const ca = await company()
  await here.write('contoso.cer', (await ca.sign(stdout, { from: new Date(Date.now() - 60_000), days: 365 })).leaf)
  const signed = await rehearsed()
  expect(signed).toMatchObject({ planDiffers: [], failures: [] })
  expect(signed.plan).toContainEqual(expect.objectContaining({ address: 'contoso/certificate' }))

  expect((await here.hma('apply --sandbox --yes -q')).code).toBe(0)
  expect(await rehearsed()).toMatchObject({ planDiffers: [], plan: [], failures: [] })
})

test('a certificate that is imported has one too', async () => {
  here = await workplace(deployment(['source: import', 'file: ./contoso.pem']))
  const ca = await company()
  const { leaf, privateKey } = await ca.make({ from: new Date(Date.now() - 60_000), days: 365 })
  await here.write('contoso.pem', privateKey + leaf)
  expect(await rehearsed()).toMatchObject({ planDiffers: [], failures: [] })
  expect((await here.hma('apply --sandbox --yes -q')).code).toBe(0)
  expect(await rehearsed()).toMatchObject({ planDiffers: [], plan: [], failures: [] })

  await here.write('contoso.pem', 'no certificate')
  const { code, stderr } = await here.hma('rehearse --sandbox --schedules 0')
  expect([code, stderr]).toEqual([1, expect.stringContaining('HMA121')])
})
