import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/config/load.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const env = { CONTOSO_TENANT_SECRET: 'one', LAB_CLIENT_SECRET: 'two', HMA_PFX_PASSWORD: 'three' }
const examples = readdirSync(`${root}/examples`, { withFileTypes: true }).filter((entry) => entry.isDirectory())

describe('every example is valid, without a warning', () => {
  it.each(['hma.config.yaml', ...examples.map(({ name }) => `examples/${name}/hma.config.yaml`)])('%s', async (file) => {
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
