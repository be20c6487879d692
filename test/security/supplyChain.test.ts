import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fieldsOf } from '../../packages/sandbox/test/support/graph.ts'
import { bundle } from '../../scripts/bundle.mjs'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const json = (path: string): Record<string, unknown> => fieldsOf(JSON.parse(read(path)))

const workflows = readdirSync(join(root, '.github/workflows')).map((name) => {
  const text = read(`.github/workflows/${name}`)
  return { name, text, jobs: fieldsOf(fieldsOf(parse(text)).jobs), top: fieldsOf(parse(text)) }
})
const workflow = (name: string) => {
  const found = workflows.find((one) => one.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

describe('workflows', () => {
  test.each(workflows)('$name keeps no secret, and pins what it uses', ({ text }) => {
    expect(text).not.toMatch(/secrets\.|secrets:|_TOKEN: (?!\$\{\{ github\.token \}\})/)
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, what = '']) => what)
    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((what) => !what.startsWith('./') && !/@[0-9a-f]{40}$/.test(what))).toEqual([])
  })

  const signsIn = { contents: 'read', 'id-token': 'write' }
  const more: Readonly<Record<string, Readonly<Record<string, object>>>> = {
    'release.yml': { publish: { contents: 'write', 'id-token': 'write', attestations: 'write' } },
    'hma.yml': {
      plan: { ...signsIn, 'pull-requests': 'write' },
      apply: { ...signsIn, 'pull-requests': 'read', actions: 'read' },
      drift: signsIn,
    },
  }
  test.each(workflows)('$name may only read, except to sign in or comment', ({ name, top, jobs }) => {
    expect(top.permissions).toEqual({ contents: 'read' })
    const permitted = Object.entries(jobs).map(([job, about]) => [job, fieldsOf(about).permissions])
    expect(Object.fromEntries(permitted.filter(([, permissions]) => permissions !== undefined))).toEqual(more[name] ?? {})
  })

  test.each(workflows)('$name passes nothing from an event to a shell', ({ text }) => {
    const lines = text.split('\n').filter((line) => /^\s*-? ?run:/.test(line) || /^\s{10,}\S/.test(line))
    expect(lines.filter((line) => /run:.*\$\{\{/.test(line))).toEqual([])
  })

  test('tests run on three systems, from the oldest Node.js that the package supports', () => {
    const { matrix } = fieldsOf(fieldsOf(workflow('ci.yml').jobs.test).strategy)
    const { os, node } = fieldsOf(matrix)
    expect(os).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest'])
    expect(node).toEqual(['20.19.0', '22', '24', '26'])
    expect(fieldsOf(json('package.json').engines).node).toBe('>=20.19')
  })

  test('a release is tested before it is packed, packed once, and published with its provenance', () => {
    const { jobs, text } = workflow('release.yml')
    const needs = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, fieldsOf(job).needs]))
    expect(needs).toEqual({ test: undefined, pack: 'test', publish: 'pack' })
    expect(fieldsOf(fieldsOf(jobs.publish).permissions)['id-token']).toBe('write')
    expect(text).toContain('npm publish release/*.tgz --provenance')
    expect(text).toContain('node scripts/sbom.mjs release')
    expect(json('package.json')).toMatchObject({ name: expect.stringMatching(/^@[^/]+\/hma$/), bin: { hma: 'dist/cli.js' } })
  })
})

const locked = new Map(
  Object.entries(fieldsOf(json('package-lock.json').packages))
    .map(([path, about]) => [path, fieldsOf(about)] as const)
    // The root and the workspaces are this repository.
    .filter(([path, about]) => path.startsWith('node_modules/') && about.link !== true),
)
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '')

describe('the packages that hma is built from', () => {
  let bundled: (readonly [name: string, about: Record<string, unknown>])[]
  beforeAll(async () => {
    bundled = (await bundle()).map((path) => [nameOf(path), locked.get(path) ?? {}])
  })

  test('are locked by their hashes, whatever the registry says later', () => {
    expect([...locked].filter(([, { integrity }]) => !String(integrity).startsWith('sha512-')).map(([path]) => path)).toEqual([])
    expect(bundled.length).toBeGreaterThan(50)
  })

  test('come from the registry, and nowhere else', () => {
    const registry = 'https://registry.npmjs.org/'
    expect(
      [...locked].filter(([, { resolved }]) => !String(resolved ?? registry).startsWith(registry)).map(([path]) => path),
    ).toEqual([])
  })

  test('run nothing when they are installed', () => {
    expect(bundled.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([name]) => name)).toEqual([])
  })

  test('may be redistributed: their licenses require only their text, which LICENSES.txt contains', () => {
    const free = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|\(BSD-3-Clause OR GPL-2\.0\))$/
    expect(
      bundled.filter(([, { license }]) => !free.test(String(license))).map(([name, { license }]) => [name, license]),
    ).toEqual([])
    const folder = mkdtempSync(join(tmpdir(), 'hma-licenses-'))
    try {
      const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), folder], { encoding: 'utf8' })
      expect(status, stderr).toBe(0)
      const lines = readFileSync(join(folder, 'LICENSES.txt'), 'utf8').split('\n')
      expect(bundled.filter(([name, about]) => !lines.includes(`${name} ${about.version} (${about.license})`))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('are in the bundle, so installing hma installs nothing else', () => {
    const kinds = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']
    const { scripts, ...about } = json('package.json')
    expect(Object.keys(about).filter((key) => kinds.includes(key))).toEqual([])
    // npm runs these on the machine of whoever installs it.
    expect(Object.keys(fieldsOf(scripts)).filter((name) => /install$/.test(name))).toEqual([])
  })

  test('are all in the bill of materials, with their hashes, and nothing of development', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hma-sbom-'))
    try {
      const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/sbom.mjs'), folder], { encoding: 'utf8' })
      expect(status, stderr).toBe(0)
      const names = readdirSync(folder).sort()
      expect(names).toEqual([expect.stringMatching(/^hma-.*\.cdx\.json$/), expect.stringMatching(/^hma-.*\.spdx\.json$/)])
      const bill = fieldsOf(JSON.parse(readFileSync(join(folder, names[0] ?? ''), 'utf8')))
      expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'hma', type: 'application' } } })
      const components = Array.isArray(bill.components) ? bill.components.map(fieldsOf) : []
      const listed = components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`).sort()
      expect(listed).toEqual([...new Set(bundled.map(([name, about]) => `${name}@${about.version}`))].sort())
      expect(components.filter(({ hashes }) => JSON.stringify(hashes)?.includes('SHA-512') !== true)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
