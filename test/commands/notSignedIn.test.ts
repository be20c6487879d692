import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
beforeEach(async () => {
  const auth = [ids.vaultTenant, ids.exchangeTenant].map((tenant) => `  ${tenant}: { credential: azureCli }`)
  here = await workplace([yaml(), 'auth:', ...auth].join('\n'))
  // Whoever runs this may be signed in.
  vi.stubEnv('AZURE_CONFIG_DIR', here.directory)
})
afterEach(() => {
  vi.unstubAllEnvs()
  return here.leave()
})

const lines = [ids.vaultTenant, ids.exchangeTenant].map(
  (tenant) => `error  Not signed in to ${tenant}. Run: az login --tenant ${tenant} [HMA201]`,
)

test('not signed in is one line per tenant, to copy the command from', async () => {
  const { code, stderr } = await here.hma('plan')
  expect(code).toBe(1)
  expect(stderr.trimEnd().split('\n').sort()).toEqual(lines.toSorted())
})

test('what the credential said is shown with -v', async () => {
  const { stderr } = await here.hma('plan -v')
  for (const line of lines) expect(stderr).toContain(line)
  expect(stderr).toMatch(/Azure CLI|az login/)
})
