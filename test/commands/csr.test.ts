import 'reflect-metadata'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { afterEach, expect, test } from 'vitest'
import { company } from '../../packages/sandbox/test/support/companyCa.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
afterEach(() => here.leave())

const deployment = (name: string, certificate: readonly string[] = ['source: csr', `signedFile: ./${name}.cer`]): string =>
  yaml({ name, create: false, dynamics: false, tenants: 1, certificate })

test("a certificate signed by the user's CA, from request to use", async () => {
  here = await workplace(deployment('contoso'))
  const early = await here.hma('csr --sandbox')
  expect(early).toMatchObject({ code: 1, stdout: '' })
  expect(early.stderr).toMatch(/contoso\/certificateRequest: No request has been made yet[\s\S]*Run `hma apply --sandbox`/)

  expect((await here.hma('plan --sandbox')).code).toBe(0)
  const first = await here.hma('apply --sandbox --yes')
  expect(first.code).toBe(3)
  const steps =
    /Run\s+`hma csr --only\s+contoso\s+--sandbox`,\s+have\s+your\s+CA\s+sign\s+what\s+it\s+prints,\s+save\s+the\s+certificate\s+as\s+contoso\.cer,\s+and\s+run\s+`hma\s+apply\s+--sandbox`\./
  expect(first.stderr + first.stdout).toMatch(steps)
  const waiting = await here.hma('plan --sandbox')
  expect(waiting.code).toBe(3)
  expect(waiting.stdout).toMatch(steps)
  expect(waiting.stdout).not.toContain('to make these changes')

  const { code, stdout, stderr } = await here.hma('csr --sandbox --only contoso')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(new Pkcs10CertificateRequest(stdout).subject).toBe('CN=HMA-Cert')
  expect(JSON.parse((await here.hma('csr --sandbox --json')).stdout)).toEqual({ contoso: stdout })

  const ca = await company()
  await here.write('contoso.cer', (await ca.sign(stdout, { from: new Date(Date.now() - 60_000), days: 365 })).leaf)
  expect((await here.hma('apply --sandbox --yes')).code).toBe(0)
  expect(await here.hma('plan --sandbox')).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') })
  const done = await here.hma('csr --sandbox')
  expect(done.code).toBe(1)
  expect(done.stderr).toContain('No request for contoso is pending')
})

test('several requests are printed under the names of their deployments', async () => {
  const third = deployment('tailspin', ['source: generate'])
  here = await workplace([deployment('contoso'), deployment('fabrikam'), third].join('\n---\n'))
  expect((await here.hma('apply --sandbox --yes')).code).toBe(3)
  const { code, stdout } = await here.hma('csr --sandbox')
  expect(code).toBe(0)
  const request = '-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE REQUEST-----\n'
  expect(stdout).toMatch(new RegExp(`^# contoso\n${request}# fabrikam\n${request}$`))
})

test('without a CA, there is nothing to print', async () => {
  here = await workplace(deployment('contoso', ['source: generate']))
  const { code, stdout, stderr } = await here.hma('csr --sandbox')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('No certificate for contoso is signed by your CA')
})

test('an unusable file stops the plan, but no command that does not need the file', async () => {
  here = await workplace(deployment('contoso', ['source: import', 'file: ./hma.pfx']))
  const { code, stderr } = await here.hma('plan --sandbox')
  expect(code).toBe(1)
  expect(stderr).toMatch(/contoso: hma\.pfx does not exist[\s\S]*correct\s+certificate\.file/)
  for (const line of ['validate', 'graph', 'output --sandbox', 'destroy --sandbox --yes'])
    expect(await here.hma(line), line).toMatchObject({ code: 0 })
})
