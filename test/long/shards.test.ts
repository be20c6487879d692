import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { compiled } from '../support/program.ts'

const script = join(import.meta.dirname, '../../scripts/shards.mjs')

test('1,000 deployments in 8 shards, each in its own process, give the same report as one process', {
  timeout: 1_200_000,
}, async () => {
  const program = await compiled()
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--deployments', '1000', '--program', program.script])
    expect(stdout).toMatch(/^1000 deployments in 8 shards: (\d+, ){7}\d+$/m)
    expect(stdout).toContain('999 with changes pending, 1 without')
    expect(stdout).toContain('The merged report is that of one process.')
  } finally {
    await program.remove()
  }
})
