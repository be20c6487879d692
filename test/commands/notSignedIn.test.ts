import { afterEach, describe, expect, test, vi } from 'vitest'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
afterEach(() => {
  vi.unstubAllEnvs()
  return here.leave()
})

async function begin(auth: readonly string[]): Promise<void> {
  here = await workplace([yaml(), ...auth].join('\n'))
  // The person running this may be signed in, and the machine may be an Azure VM.
  vi.stubEnv('AZURE_CONFIG_DIR', here.directory)
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'dev')
}

const tenants = [ids.vaultTenant, ids.exchangeTenant]
const lines = tenants.map((tenant) => `error  Not signed in to ${tenant}. Run: az login --tenant ${tenant} [HMA201]`)
const cli = ['auth:', ...tenants.map((tenant) => `  ${tenant}: { credential: azureCli }`)]

describe.each([
  ['with the Azure CLI', cli],
  ['with the default chain of credentials, of which each would complain', []],
])('not signed in %s', (_what, auth) => {
  test('is one line per tenant with a command to copy', async () => {
    await begin(auth)
    const { code, stderr } = await here.hma('plan')
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n').sort()).toEqual(lines.toSorted())
  })

  test('and what each credential said is shown with -v', async () => {
    await begin(auth)
    const { stderr } = await here.hma('plan -v')
    for (const line of lines) expect(stderr).toContain(line)
    expect(stderr).toMatch(/Azure CLI|az login/)
  })
})
