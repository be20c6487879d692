import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fieldsOf } from '../../packages/sandbox/test/support/graph.ts'

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
      apply: { ...signsIn, 'pull-requests': 'read' },
      drift: signsIn,
    },
  }
  test.each(workflows)('$name may only read, but where it signs in or comments', ({ name, top, jobs }) => {
    expect(top.permissions).toEqual({ contents: 'read' })
    const permitted = Object.entries(jobs).map(([job, about]) => [job, fieldsOf(about).permissions])
    expect(Object.fromEntries(permitted.filter(([, permissions]) => permissions !== undefined))).toEqual(more[name] ?? {})
  })

  test.each(workflows)('$name takes nothing from an event into a shell', ({ text }) => {
    const lines = text.split('\n').filter((line) => /^\s*-? ?run:/.test(line) || /^\s{10,}\S/.test(line))
    expect(lines.filter((line) => /run:.*\$\{\{/.test(line))).toEqual([])
  })

  test('tests run on three systems, and from the oldest Node that the package admits', () => {
    const { matrix } = fieldsOf(fieldsOf(workflow('ci.yml').jobs.test).strategy)
    const { os, node } = fieldsOf(matrix)
    expect(os).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest'])
    expect(node).toEqual(['20.19.0', '22', '24'])
    expect(fieldsOf(json('package.json').engines).node).toBe('>=20.19')
  })

  test('a release is tested before it is packed, packed once, and published with its provenance', () => {
    const { jobs, text } = workflow('release.yml')
    const needs = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, fieldsOf(job).needs]))
    expect(needs).toEqual({ test: undefined, pack: 'test', publish: 'pack' })
    expect(fieldsOf(fieldsOf(jobs.publish).permissions)['id-token']).toBe('write')
    expect(text).toContain('npm publish release/hma-*.tgz --provenance')
    expect(text).toContain('node scripts/sbom.mjs release')
  })
})

const locked = Object.entries(fieldsOf(json('package-lock.json').packages))
  .filter(([path]) => path !== '')
  .map(([path, about]) => ({ name: path.replace(/^.*node_modules\//, ''), about: fieldsOf(about) }))
const installed = locked.filter(({ about }) => about.dev !== true && about.devOptional !== true)

describe('what is installed with hma', () => {
  test('is locked by its hash, whatever the registry says later', () => {
    expect(locked.filter(({ about }) => !String(about.integrity).startsWith('sha512-')).map(({ name }) => name)).toEqual([])
    expect(installed.length).toBeGreaterThan(50)
  })

  test('comes from the registry, and nowhere else', () => {
    const elsewhere = locked.filter(
      ({ about }) => !String(about.resolved ?? 'https://registry.npmjs.org/').startsWith('https://registry.npmjs.org/'),
    )
    expect(elsewhere.map(({ name }) => name)).toEqual([])
  })

  test('runs nothing when it is installed', () => {
    expect(installed.filter(({ about }) => about.hasInstallScript === true).map(({ name }) => name)).toEqual([])
  })

  test('may be given on: its licences ask for no more than their text', () => {
    const free = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|\(BSD-3-Clause OR GPL-2\.0\))$/
    expect(
      installed.filter(({ about }) => !free.test(String(about.license))).map(({ name, about }) => [name, about.license]),
    ).toEqual([])
  })
})

test('the bill of materials lists all of that, with its hashes, and nothing of development', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hma-sbom-'))
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/sbom.mjs'), folder], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const names = readdirSync(folder).sort()
    expect(names).toEqual([expect.stringMatching(/^hma-.*\.cdx\.json$/), expect.stringMatching(/^hma-.*\.spdx\.json$/)])
    const bill = fieldsOf(JSON.parse(readFileSync(join(folder, names[0] ?? ''), 'utf8')))
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'hma', type: 'application' } } })
    const components = Array.isArray(bill.components) ? bill.components.map(fieldsOf) : []
    const listed = components.map(({ name, version }) => `${name}@${version}`).sort()
    expect(listed).toEqual([...new Set(installed.map(({ name, about }) => `${name}@${about.version}`))].sort())
    expect(components.filter(({ hashes }) => JSON.stringify(hashes)?.includes('SHA-512') !== true)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
