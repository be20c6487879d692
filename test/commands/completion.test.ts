import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Shell, scripts } from '../../src/commands/commandLine/completion.ts'
import { yaml } from '../support/deployment.ts'
import { compiled, type Program } from '../support/program.ts'
import { run } from './runOverMapClouds.ts'

let program: Program
let folder: string
beforeAll(async () => {
  program = await compiled()
  folder = mkdtempSync(join(tmpdir(), 'hma-completion-'))
  writeFileSync(join(folder, 'hma.config.yaml'), yaml({ name: 'contoso' }))
  writeFileSync(join(folder, 'other.yaml'), yaml({ name: 'fabrikam' }))
  writeFileSync(join(folder, 'hma'), `#!/bin/sh\nexec "${process.execPath}" "${program.script}" "$@"\n`)
  chmodSync(join(folder, 'hma'), 0o755)
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await program.remove()
})

const inFolder = (file: string, args: readonly string[]) =>
  spawnSync(file, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
  })

/** What hma proposes for the last of the words. */
const proposed = (...words: readonly string[]): readonly string[] => {
  const { stdout, stderr } = inFolder(process.execPath, [program.script, 'complete', '--', ...words])
  expect(stderr).toBe('')
  return stdout.split('\n').flatMap((line) => line.split('\t')[0] || [])
}

describe('candidates', () => {
  test('commands, and those of a command', () => {
    expect(proposed('')).toEqual(expect.arrayContaining(['plan', 'apply', 'init', 'help', 'completion']))
    expect(proposed('')).not.toContain('complete')
    expect(proposed('st')).toEqual(['status'])
    expect(proposed('sandbox', '')).toEqual(['env', 'advance', 'reset'])
  })

  test('flags, those of all commands included, and their values', () => {
    expect(proposed('plan', '--')).toEqual(expect.arrayContaining(['--out', '--markdown', '--only', '--shard']))
    expect(proposed('graph', '--format', '')).toEqual(['mermaid', 'dot', 'svg'])
    expect(proposed('graph', '--format', 's')).toEqual(['svg'])
    expect(proposed('rotate', '')).toEqual(['certificate', 'clientSecret'])
    expect(proposed('completion', 'p')).toEqual(['pwsh'])
    expect(proposed('help', 'HMA30')).toContain('HMA301')
    expect(proposed('help', 'ren')).toEqual(['renewal'])
  })

  test('names and addresses, as the configuration has them', () => {
    expect(proposed('plan', '--only', '')).toEqual(['contoso'])
    expect(proposed('plan', '-f', 'other.yaml', '--only', 'f')).toEqual(['fabrikam'])
    expect(proposed('adopt', 'contoso/key')).toEqual(['contoso/keyVaultApp'])
    expect(proposed('output', 'keyVaultK')).toEqual(['keyVaultKeyName'])
    expect(proposed('output', 'tenantId', '')).toEqual([])
  })

  test('none for a file name, or if the configuration is unusable', () => {
    expect(proposed('plan', '-f', '')).toEqual([])
    expect(proposed('plan', '--out', '')).toEqual([])
    expect(proposed('plan', '-f', 'none.yaml', '--only', '')).toEqual([])
  })
})

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

describe('in a shell', () => {
  const script = (shell: Shell): string => {
    writeFileSync(join(folder, `hma.${shell}`), scripts[shell])
    return join(folder, `hma.${shell}`)
  }

  test.runIf(has('bash')).each([
    [['hma', 'gr'], ['graph']],
    [['hma', 'plan', '--only', ''], ['contoso']],
    [['hma', 'plan', '-f', ''], []],
  ])('bash: %s', (words, expected) => {
    const line = `source ${script('bash')}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _hma; printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(inFolder('bash', ['-c', line]).stdout.split('\n').filter(Boolean)).toEqual(expected)
  })

  test.runIf(has('fish'))('fish: a command, and a name', () => {
    const ask = (line: string) =>
      inFolder('fish', ['--no-config', '-c', `source ${script('fish')}; complete -C '${line}'`]).stdout
    expect(ask('hma gr')).toMatch(/^graph\tprint the dependency graph$/m)
    expect(ask('hma plan --only ')).toMatch(/^contoso\tdeployment$/m)
    expect(ask('hma plan -f oth')).toMatch(/^other\.yaml/m)
  })

  test.runIf(has('zsh'))('zsh: reads the script, and finds as many as there are', () => {
    const line = `autoload -Uz compinit; compinit -u -D; source ${script('zsh')}; _describe() { print -l "$3[@]" \${(P)3} }; words=(hma plan --only ''); CURRENT=4; _hma`
    const { stdout, stderr } = inFolder('zsh', [
      '-f',
      '-c',
      line.replace('"$3[@]" ', '').replaceAll('$3', '$2').replace('(P)3', '(P)2'),
    ])
    expect(stderr).toBe('')
    expect(stdout.trim()).toBe('contoso:deployment')
  })

  test('`hma completion` prints the script', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'pwsh'] as const)
      expect(await run(`completion ${shell}`)).toMatchObject({ code: 0, stdout: scripts[shell], stderr: '' })
    expect((await run('completion tcsh')).stderr.replace(/\s+/g, ' ')).toContain('use bash, zsh, fish or pwsh')
  })
})
