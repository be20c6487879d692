import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { globSync } from 'tinyglobby'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Workplace, workplace } from '../support/hma.ts'
import { modern } from '../support/pfxOfTools.ts'

const root = join(import.meta.dirname, '../..')
const folders = [...new Set(globSync('examples/*/{,deployments/}*.yaml', { cwd: root }).map(dirname))].sort()
const id = '55555555-5555-5555-5555-555555555555'
const variables = {
  ...{ CONTOSO_TENANT_SECRET: 'one', LAB_CLIENT_SECRET: 'two', HMA_PFX_PASSWORD: 'brought' },
  ...{ HMA_PROVIDER_CLIENT_ID: id, HMA_CONTOSO_CLIENT_ID: id, HMA_FABRIKAM_CLIENT_ID: id },
}
const pace = { looks: 100, refusals: 3, wait: (stalls: number): Promise<void> => setTimeout(Math.min(20 * stalls, 200)) }

let here: Workplace
beforeEach(async () => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  here = await workplace('', pace)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})

/** What waits for somebody: a CA that has to sign, an administrator who has to consent. */
const waiting = ['csr', 'existing-vault', 'gitops/deployments', 'two-tenants'].map((name) => `examples/${name}`)

test.each(folders)('%s is applied on the sandbox, and a second time nothing is written', { timeout: 120_000 }, async (folder) => {
  cpSync(join(root, folder), join(here.directory, 'example'), { recursive: true })
  if (folder === 'examples/import') await here.write('example/hma.pfx', modern)
  const expected = waiting.includes(folder) ? 3 : 0
  const first = await here.hma('apply --sandbox --yes -f example')
  expect(first, first.stdout + first.stderr).toMatchObject({
    code: expected,
    stdout: expect.stringMatching(/^Applied: .*\d+ done/m),
  })
  const second = await here.hma('apply --sandbox --yes -f example')
  expect(second, second.stdout + second.stderr).toMatchObject({ code: expected })
  expect(second.stdout).not.toMatch(/[1-9]\d* done/)
})
