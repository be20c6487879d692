import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { yaml } from '../support/deployment.ts'
import { compiled, type Program } from '../support/program.ts'
import { azure, gitlab, type Machine, machine, registryUsed, tokenSeen } from './pipeline.ts'

let program: Program
let on: Machine

beforeAll(async () => {
  program = await compiled()
})
afterAll(() => program.remove())

beforeEach(async () => {
  on = await machine(mkdtempSync(join(tmpdir(), 'hma-pipeline-')), program.script)
  configured('KV-App')
})
afterEach(() => {
  on.stop()
  rmSync(on.directory, { recursive: true, force: true })
})

const templates = join(import.meta.dirname, '../../templates')
const options = { options: '--sandbox' }
const configured = (displayName: string): void =>
  writeFileSync(join(on.directory, 'hma.config.yaml'), yaml({ tenants: 1, displayName }))
const text = (name: string): string => readFileSync(join(on.directory, name), 'utf8')
const kept = (): string[] =>
  readdirSync(on.directory, { recursive: true })
    .map(String)
    .filter((name) => /(^|\/)(hma-)?token$/.test(name))

describe('GitLab', () => {
  const run = (name: string) => gitlab(on, name, options)

  test('plans, applies exactly that plan, and then has nothing to renew', { timeout: 60_000 }, async () => {
    expect(await run('hma-validate')).toMatchObject({ code: 0 })
    expect(await run('hma-plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('11 to create') })
    expect(JSON.parse(text('counts.json'))).toEqual({ create: 11, update: 0, delete: 0 })
    expect(await run('hma-foresee')).toMatchObject({ code: 0 })
    const applied = await run('hma-apply')
    expect(applied.code, applied.stdout + applied.stderr).toBe(0)
    expect(applied.stdout).toContain('Applied: 11 done.')
    expect(await run('hma-renew')).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') })
    expect(await run('hma-drift')).toMatchObject({ code: 0 })
    expect([tokenSeen(on), kept(), registryUsed(on)]).toEqual(['a token of GitLab', [], false])
  })

  test('drift fails the job, and a plan of another configuration is not applied', { timeout: 60_000 }, async () => {
    expect(await run('hma-drift')).toMatchObject({ code: 2 })
    configured('Another')
    expect(await run('hma-apply')).toMatchObject({ code: 1, stderr: expect.stringContaining('has changed since this plan') })
  })

  test('a mistake in the configuration fails the job', async () => {
    writeFileSync(join(on.directory, 'hma.config.yaml'), 'name: contoso\n')
    expect(await run('hma-validate')).toMatchObject({ code: 1, stdout: expect.stringContaining('hma.config.yaml:1:1') })
    expect(await run('hma-plan')).toMatchObject({ code: 1 })
  })
})

describe('a download that is not what was reviewed', () => {
  const sha256 = '0'.repeat(64)

  test.each([
    ['GitLab', () => gitlab(on, 'hma-validate', { ...options, sha256 })],
    ['Azure Pipelines', () => azure(on, 'Download hma', { ...options, sha256 })],
  ])('ends the job on %s before anything of it runs', async (_name, run) => {
    expect(await run()).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('not the file that was reviewed') })
    expect(readdirSync(on.directory, { recursive: true }).filter((name) => String(name).includes('cli.js'))).toEqual([])
  })
})

test('templates name images by digest, and no package', () => {
  const texts = readdirSync(templates).map((name) => readFileSync(join(templates, name), 'utf8'))
  expect(texts.join('\n')).not.toMatch(/\bnpx\b|npm (install|i|exec|ci)\b/)
  const [head] = parseAllDocuments(readFileSync(join(templates, 'gitlab-ci.yml'), 'utf8'))
  const { image, package: url, sha256 } = head?.toJS().spec.inputs ?? {}
  expect(image.default).toMatch(new RegExp(image.regex))
  expect('node:24').not.toMatch(new RegExp(image.regex))
  expect([url.default, sha256.default]).toEqual([undefined, undefined])
})

describe('Azure Pipelines', () => {
  const run = (name: string, more = {}) => azure(on, name, { ...options, ...more })
  const published = async (): Promise<void> => {
    await mkdir(join(on.directory, 'hma-plan'), { recursive: true })
    await rename(join(on.directory, 'plan.json'), join(on.directory, 'hma-plan', 'plan.json'))
  }

  test('plans, applies exactly that plan, and then nothing is pending', { timeout: 60_000 }, async () => {
    expect(await run('Download hma')).toMatchObject({ code: 0 })
    expect(await run('Validate')).toMatchObject({ code: 0 })
    expect(await run('Plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('variable=pending;isOutput=true]true') })
    expect(text('hma-plan.md')).toContain('11 to create')
    await published()
    expect(await run('Apply')).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied: 11 done.') })
    expect(await run('Plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('isOutput=true]false') })
    expect([tokenSeen(on), kept(), registryUsed(on)]).toEqual(['a token of Azure', [], false])
  })

  test('drift fails the job, and a plan of another configuration is not applied', { timeout: 60_000 }, async () => {
    await run('Download hma')
    expect(await run('Plan', { drift: true })).toMatchObject({ code: 2, stdout: expect.stringContaining('type=error]') })
    await published()
    configured('Another')
    expect(await run('Apply')).toMatchObject({ code: 1, stderr: expect.stringContaining('has changed since this plan') })
  })
})
