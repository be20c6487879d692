import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scripts } from '../../src/commands/commandLine/completion.ts'
import { run } from './runOverMapClouds.ts'

test.each([
  ['bash', '.local/share/bash-completion/completions/hma'],
  ['zsh', '.zsh/completions/_hma'],
  ['fish', '.config/fish/completions/hma.fish'],
  ['pwsh', '.config/powershell/hma-completion.ps1'],
] as const)('completion %s --install writes %s, says so, and does nothing the second time', async (shell, path) => {
  const home = await mkdtemp(join(tmpdir(), 'hma-home-'))
  try {
    const env = { HOME: home }
    const first = await run(`completion ${shell} --install`, { env })
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining(`Wrote ${join(home, path)}.`)])
    expect(await readFile(join(home, path), 'utf8')).toBe(scripts[shell])
    expect((await run(`completion ${shell} --install`, { env })).stdout).toContain('is up to date')
  } finally {
    await rm(home, { recursive: true })
  }
})
