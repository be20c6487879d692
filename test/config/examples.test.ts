import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/config/load.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const id = '55555555-5555-5555-5555-555555555555'
const env = {
  ...{ CONTOSO_TENANT_SECRET: 'one', LAB_CLIENT_SECRET: 'two', HMA_PFX_PASSWORD: 'three' },
  ...{ HMA_PROVIDER_CLIENT_ID: id, HMA_CONTOSO_CLIENT_ID: id, HMA_FABRIKAM_CLIENT_ID: id },
}
const examples = globSync('examples/*/{,deployments/}*.yaml', { cwd: root }).sort()

describe('every example is valid, without a warning', () => {
  it.each(['hma.config.yaml', ...examples])('%s', async (file) => {
    const { deployments, diagnostics } = await load({ files: [file], env, directory: root })
    expect(diagnostics).toEqual([])
    expect(deployments.length).toBeGreaterThan(0)
  })
})

it('the default file is the one at the top', async () => {
  const { deployments } = await load({ files: [], env: {}, directory: root })
  expect(deployments.map(({ configuration, file, line }) => ({ name: configuration.name, file, line }))).toEqual([
    { name: 'contoso', file: 'hma.config.yaml', line: 12 },
  ])
})
