import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { compiled } from '../support/program.ts'

const script = join(import.meta.dirname, '../../scripts/shards.mjs')

test('24 deployments in 8 shards, each in its own process, give the same report as one process', {
  timeout: 240_000,
}, async () => {
  const program = await compiled()
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--deployments', '24', '--program', program.script])
    expect(stdout).toMatch(/^24 deployments in 8 shards: (\d+, ){7}\d+$/m)
    expect(stdout).toContain('23 with changes pending, 1 without')
    expect(stdout).toContain('The merged report is that of one process.')
  } finally {
    await program.remove()
  }
})
