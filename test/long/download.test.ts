import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeGithub, runAction } from '../../scripts/story/runner.mjs'
import { clone } from '../support/clone.ts'

const root = join(import.meta.dirname, '../..')
const timeout = 600_000
let scratch: string
let folder: string
let removeClone: () => void

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hma-download-'))
  ;({ folder, remove: removeClone } = clone())
})
afterAll(() => {
  removeClone()
  rmSync(scratch, { recursive: true, force: true })
})

const run = (file: string, args: readonly string[], cwd: string): string =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 })
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
const empty = (name: string): string => {
  const path = join(scratch, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** The README's main job, from a folder with nothing but its configuration. */
function mainJob(file: string, before: readonly string[], cwd: string) {
  copyFileSync(join(root, 'hma.config.yaml'), join(cwd, 'hma.config.yaml'))
  const hma = (...args: string[]) =>
    spawnSync(file, [...before, ...args], { cwd, encoding: 'utf8', env: { PATH: '', HOME: cwd } })
  return [hma('apply', '--sandbox', '--yes'), hma('plan', '--sandbox', '--detailed-exitcode'), hma('verify', '--sandbox')]
}
const succeeded = [
  { status: 0, stdout: expect.stringContaining('Applied: 11 done.') },
  { status: 0, stdout: expect.stringContaining('No changes.') },
  { status: 0, stdout: expect.stringContaining('sign-in works') },
]

/** `npm pack` in a clone; the path of the file. */
function packed(clone: string, into: string): string {
  run('npm', ['pack', '--pack-destination', empty(into)], clone)
  const [name = ''] = readdirSync(join(scratch, into))
  return join(scratch, into, name)
}

describe('the npm package', () => {
  test('is the bundle and nothing else, and the same whichever folder it is built in', { timeout }, () => {
    const file = packed(folder, 'packed')
    const other = clone()
    const again = packed(other.folder, 'packed-elsewhere')
    other.remove()
    expect(sha256(again)).toBe(sha256(file))
    const names = run('tar', ['-tzf', file], scratch)
      .trim()
      .split('\n')
      .map((name) => name.replace('package/', ''))
    const rest = names.filter((name) => !/^(dist\/[\w.-]+\.js|schemas\/[\w.-]+\.json)$/.test(name))
    expect(rest.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/LICENSES.txt',
      'dist/package.json',
      'man/hma.1',
      'package.json',
      'sbom.cdx.json',
    ])
    expect(names).toContain('schemas/hma.schema.json')
  })

  test('adds one package to an empty prefix, and does the main job from an empty folder', { timeout }, () => {
    const file = packed(folder, 'packed-to-install')
    const prefix = empty('prefix')
    // Without a network: nothing else is fetched.
    const said = run('npm', ['install', '--global', '--offline', '--prefix', prefix, file], empty('anywhere'))
    expect(said).toContain('added 1 package')
    const [scope = ''] = readdirSync(join(prefix, 'lib', 'node_modules'))
    expect(readdirSync(join(prefix, 'lib', 'node_modules', scope))).toEqual(['hma'])
    expect(readdirSync(join(prefix, 'lib', 'node_modules', scope, 'hma'))).not.toContain('node_modules')
    expect(mainJob(process.execPath, [join(prefix, 'bin', 'hma')], empty('empty'))).toMatchObject(succeeded)
  })
})

test('a tag contains the build that the action runs, and the branch does not', { timeout }, async () => {
  const git = (...args: string[]): string =>
    run('git', ['-c', 'user.name=Contoso', '-c', 'user.email=contoso@example.com', ...args], folder)
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Contoso')
  git('config', 'user.email', 'contoso@example.com')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Release')
  run(process.execPath, [join(folder, 'scripts', 'tag.mjs')], folder)
  const tag = git('tag').trim()
  expect(git('status', '--porcelain')).toBe('')
  expect(git('ls-tree', '--name-only', 'HEAD', 'dist/')).toBe('')
  const pinned = join(empty('worktrees'), 'pinned')
  git('worktree', 'add', '--quiet', pinned, tag)
  const github = makeGithub(empty('github'))
  const directory = empty('repository')
  cpSync(join(root, 'hma.config.yaml'), join(directory, 'hma.config.yaml'))
  const act = (command: string) =>
    runAction({ inputs: { command, sandbox: 'true' }, directory, github, env: { GITHUB_ACTION_PATH: pinned } })
  expect(await act('apply')).toMatchObject({ code: 0, summary: expect.stringContaining('Applied: 11 done.') })
  expect(await act('drift')).toMatchObject({ code: 0, outputs: { pending: 'false' } })
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the executable', () => {
  let executable: string
  beforeAll(() => {
    run(process.execPath, [join(root, 'scripts', 'executables.mjs'), empty('executables'), 'linux-x64'], root)
    executable = join(scratch, 'executables', 'hma-linux-x64')
  }, timeout)

  test('has its checksum next to it', () => {
    const [sum] = readFileSync(join(dirname(executable), 'SHA256SUMS.executables'), 'utf8').split('  ')
    expect(sum).toBe(sha256(executable))
  })

  test('does the main job without Node.js', { timeout }, () => {
    expect(mainJob(executable, [], empty('without-node'))).toMatchObject(succeeded)
  })

  // Only root may change the root folder.
  test.runIf(process.getuid?.() === 0)('needs nothing but the libraries of the system', { timeout }, () => {
    const jail = empty('jail')
    for (const library of librariesOf(executable)) {
      mkdirSync(join(jail, dirname(library)), { recursive: true })
      copyFileSync(library, join(jail, library))
    }
    for (const name of ['data', 'tmp']) mkdirSync(join(jail, name))
    copyFileSync(executable, join(jail, 'hma'))
    copyFileSync(join(root, 'hma.config.yaml'), join(jail, 'data', 'hma.config.yaml'))
    const hma = (...args: string[]) =>
      spawnSync('chroot', [jail, '/hma', '-f', '/data/hma.config.yaml', ...args], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
      })
    expect([
      hma('apply', '--sandbox', '--yes'),
      hma('plan', '--sandbox', '--detailed-exitcode'),
      hma('verify', '--sandbox'),
    ]).toMatchObject(succeeded)
  })
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the executables for other systems', () => {
  beforeAll(() => {
    const targets = ['linux-arm64', 'macos-arm64', 'win-x64']
    run(process.execPath, [join(root, 'scripts', 'executables.mjs'), empty('others'), ...targets], root)
  }, timeout)

  test.each([
    // e_machine of ELF, cputype of Mach-O, Machine of the PE header whose place is at 0x3c.
    ['hma-linux-arm64', (file: Buffer) => [file.toString('latin1', 1, 4), file.readUInt16LE(18)], ['ELF', 0xb7]],
    ['hma-macos-arm64', (file: Buffer) => [file.readUInt32LE(0), file.readUInt32LE(4)], [0xfeedfacf, 0x0100000c]],
    [
      'hma-win-x64.exe',
      (file: Buffer) => [file.toString('latin1', 0, 2), file.readUInt16LE(file.readUInt32LE(0x3c) + 4)],
      ['MZ', 0x8664],
    ],
  ])('%s is for its system, and has the program in it', (name, header, expected) => {
    const file = readFileSync(join(scratch, 'others', name))
    expect(header(file)).toEqual(expected)
    // Node.js looks for a program where this says 1.
    expect(file.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true)
    expect(file.includes('cli.js')).toBe(true)
  })
})

/** The C library and its loader: `ldd` prints their paths. */
const librariesOf = (file: string): string[] =>
  run('ldd', [file], scratch)
    .split('\n')
    .map((line) => /(?:=> |^\s*)(\/\S+) \(/.exec(line)?.[1] ?? '')
    .filter(Boolean)
