import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Github, kept, makeGithub, runAction } from '../../scripts/story/runner.mjs'
import { yaml } from '../support/deployment.ts'
import { compiled, type Program } from '../support/program.ts'

const root = join(import.meta.dirname, '../..')
let program: Program
let github: Github
let directory: string

beforeAll(async () => {
  program = await compiled()
})
afterAll(() => program.remove())

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hma-action-'))
  github = makeGithub(folder)
  directory = folder
  await configured()
})
afterEach(() => github.remove())

const configured = (displayName = 'KV-App'): Promise<void> =>
  writeFile(join(directory, 'hma.config.yaml'), yaml({ tenants: 1, displayName }))

const head = 'a'.repeat(40)
const merge = 'b'.repeat(40)
const event = { pull_request: { number: 7, head: { sha: head }, base: { ref: 'main' } } }
const base = { ref: 'main', repo: { full_name: 'contoso/mail' } }

const act = (
  inputs: Readonly<Record<string, string>>,
  more: { event?: object; sha?: string; env?: Record<string, string> } = {},
) => runAction({ inputs: { path: program.script, sandbox: 'true', ...inputs }, directory, github, ...more })

const merged = (about: object = {}): void =>
  github.change(({ pulls }) => {
    const pull = { number: 7, head: { sha: head }, base, merged_at: '2026-11-24T10:00:00Z', merge_commit_sha: merge }
    pulls.push({ ...pull, commits: [merge], ...about })
  })

const comments = (): string[] => github.read().comments.map(({ body }) => body)

describe('plan', () => {
  test('is in the job summary, the outputs, and one comment that is edited in place', { timeout: 60_000 }, async () => {
    const first = await act({ command: 'plan' }, { event })
    expect(first).toMatchObject({ code: 0, outputs: { 'exit-code': '2', pending: 'true' } })
    expect(first.outputs.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(first.summary).toMatch(/^## Plan\n\n[\s\S]*11 to create/)
    await configured('KV-App of Contoso')
    const second = await act({ command: 'plan' }, { event })
    expect(second, second.stdout).toMatchObject({ code: 0, outputs: { pending: 'true' } })
    expect(second.outputs.digest).not.toBe(first.outputs.digest)
    expect(comments()).toHaveLength(1)
    expect(comments()[0]).toContain(`head=${head} digest=${second.outputs.digest} -->`)
    expect(comments()[0]).toContain('KV-App of Contoso')
    expect(
      github
        .calls()
        .filter(({ method }) => method !== 'GET')
        .map(({ method }) => method),
    ).toEqual(['POST', 'PATCH'])
  })

  test('leaves the comments of others alone, whatever they begin with', { timeout: 60_000 }, async () => {
    await act({ command: 'plan' }, { event })
    github.change((state) => {
      for (const one of state.comments) one.user.login = 'mallory'
    })
    const [theirs] = comments()
    await act({ command: 'plan' }, { event })
    expect(comments()).toHaveLength(2)
    expect(comments()[0]).toBe(theirs)
  })

  test('has one comment for each choice of deployments', { timeout: 60_000 }, async () => {
    await act({ command: 'plan', shard: '0/1' }, { event })
    await act({ command: 'plan', only: 'con*' }, { event })
    expect(comments()).toHaveLength(2)
  })

  test('does not comment outside a pull request, or if told not to', { timeout: 60_000 }, async () => {
    expect(await act({ command: 'plan' })).toMatchObject({ code: 0 })
    expect(await act({ command: 'plan', comment: 'false' }, { event })).toMatchObject({ code: 0 })
    expect(github.calls()).toEqual([])
  })

  test('with a rehearsal, adds its result to the summary and to the one comment', { timeout: 120_000 }, async () => {
    const { code, summary, stdout } = await act({ command: 'plan', rehearse: '0' }, { event })
    expect(code, stdout).toBe(0)
    expect(comments()).toHaveLength(1)
    for (const text of [summary, comments()[0]]) {
      expect(text).toContain('11 to create')
      expect(text).toMatch(/#### contoso: nothing broke[\s\S]*\*\*Calendar\*\*\n\n- \d{4}-\d\d-\d\d\S* create vault/)
    }
  })

  test('explains a wrong number of schedules', async () => {
    const { code, stdout } = await act({ command: 'plan', rehearse: '--save x' }, { event })
    expect([code, github.calls()]).toEqual([1, []])
    expect(stdout).toContain('rehearse is a number of schedules')
  })

  test('fails with hma’s message if the configuration is wrong', async () => {
    await writeFile(join(directory, 'hma.config.yaml'), 'apiVersion: hma/v1\nname: contoso\n')
    const { code, summary } = await act({ command: 'plan' }, { event })
    expect({ code, calls: github.calls() }).toEqual({ code: 1, calls: [] })
    expect(summary).toMatch(/^## Plan failed\n[\s\S]*keyVault/)
  })
})

describe('apply', () => {
  test('applies what was reviewed, once the pull request is merged', { timeout: 60_000 }, async () => {
    await act({ command: 'plan' }, { event })
    merged()
    const done = await act({ command: 'apply', reviewed: 'true' }, { sha: merge })
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0, outputs: { 'exit-code': '0' } })
    expect(await act({ command: 'drift' })).toMatchObject({ code: 0, outputs: { pending: 'false' } })
  })

  test('does nothing if the plan has changed', { timeout: 60_000 }, async () => {
    await act({ command: 'plan' }, { event })
    merged()
    await configured('Another name')
    const refused = await act({ command: 'apply', reviewed: 'true' }, { sha: merge })
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.summary).toMatch(/not the plan that was reviewed[\s\S]*Nothing was changed/)
    expect(await act({ command: 'drift' })).toMatchObject({ code: 2, outputs: { pending: 'true' } })
  })

  const noPlan = /No run of this workflow has planned these deployments for the last commit of the pull request #7/
  const noMerge = /No pull request merged into main contains the commit/
  test.each<readonly [string, () => void, RegExp]>([
    ['nobody merged a pull request', () => {}, noMerge],
    ['it was merged elsewhere', () => merged({ base: { ...base, ref: 'staging' } }), noMerge],
    ['it was merged into another repository', () => merged({ base: { ...base, repo: { full_name: 'mallory/mail' } } }), noMerge],
    ['the commit is one of a pull request, and not its merge', () => merged({ merge_commit_sha: 'd'.repeat(40) }), noMerge],
    ['the pull request has no plan', merged, noPlan],
    ['its last commit is a later one', () => planned({ head_sha: 'c'.repeat(40) }), noPlan],
    ['another workflow made the plan', () => planned({ path: '.github/workflows/other.yml' }), noPlan],
    ['a run on something else made it', () => planned({ event: 'workflow_dispatch' }), noPlan],
    ['a fork made it', () => planned({ head_repository: { full_name: 'mallory/mail' } }), noPlan],
    ['it has expired', () => planned({ artifacts: [{ ...artifact(), expired: true }] }), noPlan],
    ['it is of other deployments', () => planned({ artifacts: [artifact('0'.repeat(12))] }), noPlan],
    ['it is for another branch', () => planned({ artifacts: [artifact(undefined, '0'.repeat(8))] }), noPlan],
    ['there is only a comment, whoever wrote it', commented, noPlan],
  ])('does nothing where %s', async (_why, before, message) => {
    before()
    const refused = await act({ command: 'apply', reviewed: 'true' }, { sha: merge })
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(message) })
    expect(refused.outputs).toEqual({})
  })

  test('an edited comment changes nothing', { timeout: 60_000 }, async () => {
    await act({ command: 'plan' }, { event })
    merged()
    github.change((state) => {
      for (const one of state.comments) one.body = one.body.replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`)
    })
    expect(await act({ command: 'apply', reviewed: 'true' }, { sha: merge })).toMatchObject({ code: 0 })
  })

  test('without a digest, applies the current plan', { timeout: 60_000 }, async () => {
    expect(await act({ command: 'apply' })).toMatchObject({ code: 0, summary: expect.stringMatching(/^## Apply\n/) })
  })
})

/** The artifact of a plan for these inputs, or for others. */
function artifact(key?: string, branch?: string) {
  const [, ofInputs = '', ofBranch = ''] = /^hma-plan-(\w+)-(\w+)-/.exec(usual) ?? []
  return { name: `hma-plan-${key ?? ofInputs}-${branch ?? ofBranch}-${'0'.repeat(64)}`, expired: false, created_at: '2026-11-24' }
}

/** As if a run had planned for that commit, which was merged. */
function planned(about: object): void {
  merged()
  github.change((state) => kept(state, event.pull_request, artifact().name, about))
}

function commented(): void {
  merged()
  github.change(({ comments: all }) => {
    const body = `<!-- hma:plan ${/-(\w{12})-/.exec(usual)?.[1]} head=${head} digest=sha256:${'0'.repeat(64)} -->\n`
    all.push({ id: 1, number: 7, user: { login: 'github-actions[bot]' }, body })
  })
}
let usual = ''
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hma-action-'))
  ;[github, directory] = [makeGithub(folder), folder]
  await configured()
  usual = (await act({ command: 'plan' }, { event })).outputs.artifact ?? ''
  await rm(folder, { recursive: true })
})

describe('the runner', () => {
  test('runs the build of the pinned commit, and says so if it has none', async () => {
    const pinned = await mkdtemp(join(tmpdir(), 'hma-pinned-'))
    await cp(join(root, 'action'), join(pinned, 'action'), { recursive: true })
    const env = { GITHUB_ACTION_PATH: pinned }
    const without = await act({ command: 'validate', path: '' }, { env })
    expect(without).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/There is no \S+cli\.js\. Pin the action to a release/),
    })
    await cp(dirname(dirname(program.script)), pinned, { recursive: true })
    expect(await act({ command: 'validate', path: '' }, { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('valid'),
    })
    await rm(pinned, { recursive: true })
  })

  test('executes no command that hma prints, and gives hma no runner token', { timeout: 60_000 }, async () => {
    const spy = join(directory, 'spy.mjs')
    await writeFile(
      spy,
      'console.log("::error::from a tenant"); console.log(Object.keys(process.env).join(" ")); console.log(process.env.HMA_X)',
    )
    const variables = JSON.stringify({ HMA_X: 'from the environment', NODE_OPTIONS: '--nothing' })
    const env = { ACTIONS_RUNTIME_TOKEN: 'secret', GITHUB_TOKEN: 'secret' }
    const { stdout } = await act({ command: 'drift', path: spy, variables }, { env })
    const [, stop, said = ''] = /^::stop-commands::(\S+)\n([\s\S]*)\n::\1::\n/.exec(stdout) ?? []
    expect(stop).toMatch(/^[0-9a-f-]{36}$/)
    expect(said).toContain('::error::from a tenant')
    expect(said).toContain('from the environment')
    expect(said).not.toMatch(/TOKEN|NODE_OPTIONS|HMA_ACTION/)
  })

  test('rejects an unknown command', async () => {
    expect(await act({ command: 'constructor' })).toMatchObject({ code: 1, stdout: expect.stringContaining('not "constructor"') })
  })

  test('passes its Entra token to hma in a file and deletes the file', async () => {
    const asked: unknown[] = []
    const server = createServer(({ url, headers }, response) => {
      asked.push([url, headers.authorization])
      response.end(JSON.stringify({ value: 'the token of the job' }))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const spy = join(directory, 'spy.mjs')
    await writeFile(
      spy,
      `import { readFileSync } from 'node:fs'
       const file = process.env.AZURE_FEDERATED_TOKEN_FILE
       console.log(file, readFileSync(file, 'utf8') === 'the token of the job')
       process.exit(1)`,
    )
    const { port } = server.address() as AddressInfo
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/?a=b`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer' }
    const { stdout } = await act({ command: 'plan', path: spy, sandbox: 'false' }, { env })
    server.close()
    expect(asked).toEqual([['/?a=b&audience=api%3A%2F%2FAzureADTokenExchange', 'Bearer bearer']])
    expect(stdout).toContain('::add-mask::the token of the job')
    const [, file = ''] = /^(\/\S+) true$/m.exec(stdout) ?? []
    expect(file).toMatch(/token$/)
    await expect(rm(file)).rejects.toThrow('ENOENT')
  })
})
