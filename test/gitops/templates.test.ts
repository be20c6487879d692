import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { compiled, type Program } from '../support/program.ts'
import { azure, gitlab, type Machine, machine, tokenSeen } from './pipeline.ts'

let program: Program
let on: Machine

beforeAll(async () => {
  program = await compiled()
}, 60_000)
afterAll(() => program.remove())

beforeEach(() => {
  on = machine(mkdtempSync(join(tmpdir(), 'hma-pipeline-')), program.script)
  configured('KV-App')
})
afterEach(() => rmSync(on.directory, { recursive: true, force: true }))

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

  test('plans, does exactly that plan, and has nothing to renew then', { timeout: 60_000 }, async () => {
    expect(await run('hma-validate')).toMatchObject({ code: 0 })
    expect(await run('hma-plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('11 to create') })
    expect(JSON.parse(text('counts.json'))).toEqual({ create: 11, update: 0, delete: 0 })
    expect(await run('hma-foresee')).toMatchObject({ code: 0 })
    expect(await run('hma-apply')).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied: 11 done.') })
    expect(await run('hma-renew')).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') })
    expect(await run('hma-drift')).toMatchObject({ code: 0 })
    expect([tokenSeen(on), kept()]).toEqual(['a token of GitLab', []])
  })

  test('drift is red, and a plan of another configuration is not done', { timeout: 60_000 }, async () => {
    expect(await run('hma-drift')).toMatchObject({ code: 2 })
    configured('Another')
    expect(await run('hma-apply')).toMatchObject({ code: 1, stderr: expect.stringContaining('has changed since this plan') })
  })

  test('a mistake in the configuration is red', async () => {
    writeFileSync(join(on.directory, 'hma.config.yaml'), 'name: contoso\n')
    expect(await run('hma-validate')).toMatchObject({ code: 1, stdout: expect.stringContaining('hma.config.yaml:1:1') })
    expect(await run('hma-plan')).toMatchObject({ code: 1 })
  })
})

describe('Azure Pipelines', () => {
  const run = (name: string, more = {}) => azure(on, name, { ...options, ...more })
  const published = async (): Promise<void> => {
    await mkdir(join(on.directory, 'hma-plan'), { recursive: true })
    await rename(join(on.directory, 'plan.json'), join(on.directory, 'hma-plan', 'plan.json'))
  }

  test('plans, does exactly that plan, and then nothing is pending', { timeout: 60_000 }, async () => {
    expect(await run('Validate')).toMatchObject({ code: 0 })
    expect(await run('Plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('variable=pending;isOutput=true]true') })
    expect(text('hma-plan.md')).toContain('11 to create')
    await published()
    expect(await run('Apply')).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied: 11 done.') })
    expect(await run('Plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('isOutput=true]false') })
    expect([tokenSeen(on), kept()]).toEqual(['a token of Azure', []])
  })

  test('drift is red, and a plan of another configuration is not done', { timeout: 60_000 }, async () => {
    expect(await run('Plan', { drift: true })).toMatchObject({ code: 2, stdout: expect.stringContaining('type=error]') })
    await published()
    configured('Another')
    expect(await run('Apply')).toMatchObject({ code: 1, stderr: expect.stringContaining('has changed since this plan') })
  })
})
