import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Cloud, node } from '../support/mapCloud.ts'
import { type Deployment, run } from './runOverMapClouds.ts'

let cloud: Cloud
let toy: Deployment
let directory: string

beforeEach(async () => {
  cloud = new Cloud()
  const nodes = [
    node('toy/a', { name: 'a', size: 1 }),
    node('toy/b', { name: 'b', upstreamId: { $ref: 'toy/a', field: 'id' } }),
    node('toy/c', { name: 'c', size: 3 }),
  ]
  toy = { name: 'toy', nodes, cloud }
  directory = await mkdtemp(join(tmpdir(), 'hma-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

const foreign = (name: string): Cloud => {
  const other = new Cloud()
  other.things.set(name, { name, id: 'theirs' })
  return other
}

describe('plan', () => {
  test('shows, and writes nothing', async () => {
    const { code, stdout, stderr, closed } = await run('plan', { deployments: [toy] })
    expect([code, stderr, closed]).toEqual([0, '', 1])
    expect(stdout).toMatch(/Plan: 3 to create\.\nRun `hma apply` to make these changes\.\n$/)
    expect(cloud.log).toEqual([])
  })

  test('--detailed-exitcode is 2 with something to do, 0 without', async () => {
    expect((await run('plan --detailed-exitcode', { deployments: [toy] })).code).toBe(2)
    await run('apply --yes', { deployments: [toy] })
    expect((await run('plan --detailed-exitcode', { deployments: [toy] })).code).toBe(0)
  })

  test('is 3 if manual action is required first, with or without the flag', async () => {
    const deployments = [{ ...toy, cloud: foreign('a') }]
    expect((await run('plan', { deployments })).code).toBe(3)
    expect((await run('plan --detailed-exitcode', { deployments })).code).toBe(3)
  })

  test('a waiting step blocks nothing else, and gives exit code 3 once nothing else is left', async () => {
    const waiting = { ...toy, nodes: [...toy.nodes, node('toy/d', { name: 'd', consent: 'Open the link.' })] }
    expect((await run('plan --detailed-exitcode', { deployments: [waiting] })).code).toBe(2)
    expect((await run('apply --yes', { deployments: [waiting] })).code).toBe(3)
    expect((await run('plan', { deployments: [waiting] })).code).toBe(3)
  })

  test('--out saves what --json prints, for its owner alone', async () => {
    const file = join(directory, 'plan.json')
    const { stdout } = await run(`plan --json --out ${file}`, { deployments: [toy] })
    expect(await readFile(file, 'utf8')).toBe(stdout)
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('--out into a folder that does not exist says so', async () => {
    const { code, stderr } = await run(`plan --out ${join(directory, 'no', 'plan.json')}`, { deployments: [toy] })
    expect(code).toBe(1)
    expect(stderr).toContain('cannot be written')
  })

  test('a deployment that cannot be surveyed stops no other', async () => {
    const broken: Deployment = { name: 'broken', nodes: [{ ...node('broken/a', { name: 'a' }), kind: 'unheard-of' }] }
    const { code, stdout, stderr } = await run('plan', { deployments: [broken, toy] })
    expect(code).toBe(1)
    expect(stdout).toContain('Plan: 3 to create.')
    expect(stderr).toContain('broken: broken/a is of the kind "unheard-of"')
  })
})

describe('apply', () => {
  test('stays signed in only if it continues without a question, or after the second survey', async () => {
    const idle = { name: 'idle', nodes: [], cloud: new Cloud() }
    const stayed = async (line: string, answer = true) =>
      (await run(line, { deployments: [toy, idle], answer: () => answer })).stayed
    expect(await stayed('plan')).toEqual([])
    expect(await stayed('apply', false)).toEqual([])
    expect(await stayed('apply')).toEqual(['toy'])
    expect(await stayed('apply --yes')).toEqual([])
    expect(await stayed('destroy --yes')).toEqual(['toy'])
    expect(await stayed('apply --yes')).toEqual(['toy'])
  })

  test('asks, applies, and then finds nothing to do', async () => {
    const asked: string[] = []
    const answer = (question: string): boolean => asked.push(question) > 0
    const first = await run('apply', { deployments: [toy], answer })
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(/Applied: 3 done\.\nRun `hma verify`/)
    expect(first.stderr).toContain('toy/a  creating\n')
    expect(cloud.log).toEqual(['put a', 'put c', 'put b'])
    const second = await run('apply', { deployments: [toy] })
    expect([second.code, second.stdout, second.stderr]).toEqual([0, 'No changes. Everything matches the configuration.\n', ''])
    expect(asked).toEqual(['Make these 3 changes?'])
  })

  test('does nothing without a yes', async () => {
    const { code, stderr } = await run('apply', { deployments: [toy], answer: () => false })
    expect([code, stderr, cloud.log]).toEqual([1, 'Nothing was changed.\n', []])
    expect((await run('apply', { deployments: [toy] })).code).toBe(1)
    expect(cloud.log).toEqual([])
  })

  test('refuses if something changes between the question and the answer', async () => {
    const answer = (): boolean => {
      cloud.things.set('c', { name: 'c', id: 'id-c', mark: 'toy', size: 2 })
      return true
    }
    const { code, stderr } = await run('apply', { deployments: [toy], answer })
    expect([code, cloud.log]).toEqual([1, []])
    expect(stderr).toMatch(/has changed\s+since\s+this plan was made:\s+toy\/c\s+\[HMA401\]\n/)
  })

  test('a saved plan is carried out exactly, or refused if something has changed', async () => {
    const file = join(directory, 'plan.json')
    await run(`plan --out ${file}`, { deployments: [toy] })
    expect((await run(`apply ${file} --yes`, { deployments: [toy] })).code).toBe(0)
    const again = await run(`apply ${file} --yes`, { deployments: [toy] })
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('has changed since this plan was made')
  })

  test('a missing or invalid plan file is explained', async () => {
    const file = join(directory, 'plan.json')
    expect((await run(`apply ${file}`, { deployments: [toy] })).stderr).toContain('cannot be read')
    await writeFile(file, '{}')
    expect((await run(`apply ${file}`, { deployments: [toy] })).stderr).toContain('is not a plan')
  })

  test('a deployment that needs manual action first is not changed; the others are applied', async () => {
    const other: Deployment = {
      name: 'other',
      nodes: [node('other/a', { name: 'a' }), node('other/z', { name: 'z' })],
      cloud: foreign('a'),
    }
    const { code, stdout } = await run('apply --yes', { deployments: [other, toy] })
    expect(code).toBe(3)
    expect(other.cloud?.log).toEqual([])
    expect(cloud.log).toHaveLength(3)
    expect(stdout).toContain('! other/a\n')
    expect(stdout).toContain('Also waiting: other/z\n')
    expect(stdout).toContain('Applied: 1 skipped, 1 needs manual action, 3 done.\n')
  })

  test('a failure skips what follows it, and the exit code is 1', async () => {
    cloud.failing.set('a', { times: 1, retryable: false })
    const { code, stdout, stderr } = await run('apply --yes', { deployments: [toy] })
    expect(code).toBe(1)
    expect(stderr).toContain('error  toy/a: no a [HMA901]\n       Skipped because of it: toy/b\n')
    expect(stdout).toContain('1 failed, 1 skipped, 1 done.\n')
  })

  test('--json prints events and a summary, and nothing else', async () => {
    const { code, stdout, stderr } = await run('apply --yes --json', { deployments: [toy] })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): { type: string } => JSON.parse(line))
    expect([code, stderr]).toEqual([0, ''])
    expect(lines.map(({ type }) => type).sort()).toEqual(['done', 'done', 'done', 'started', 'started', 'started', 'summary'])
    expect(lines.at(-1)).toEqual({ type: 'summary', done: 3, failed: 0, skipped: 0, waiting: 0 })
  })

  test('--quiet --yes prints only the result', async () => {
    const { stdout, stderr } = await run('apply --yes --quiet', { deployments: [toy] })
    expect([stdout.split('\n')[0], stderr]).toEqual(['Applied: 3 done.', ''])
  })

  test('an interrupted apply ends cleanly with exit code 130', async () => {
    let press = (): void => {}
    const answer = (): boolean => {
      press()
      return true
    }
    const { code, stderr, closed, left } = await run('apply', {
      deployments: [toy],
      answer,
      keyboard: (key) => {
        press = key
      },
    })
    expect([code, closed, left, cloud.log]).toEqual([130, 1, [], []])
    expect(stderr).toContain('Stopping: a write under way gets')
    expect(stderr).toContain('Interrupted.')
  })

  test('a second Ctrl-C leaves at once', async () => {
    const { left } = await run('apply --yes', {
      deployments: [toy],
      keyboard: (press) => {
        press()
        press()
      },
    })
    expect(left).toEqual([130])
  })
})

describe('destroy', () => {
  test('removes only our objects, downstream first, and then finds nothing to do', async () => {
    await run('apply --yes', { deployments: [toy] })
    cloud.things.set('c', { name: 'c', id: 'id-c' })
    const { code, stdout } = await run('destroy --yes', { deployments: [toy] })
    expect([code, cloud.log.slice(3)]).toEqual([0, ['remove b', 'remove a']])
    expect(stdout).toContain('Removed: 2 done.\n')
    expect((await run('destroy --yes', { deployments: [toy] })).stdout).toMatch(/^Nothing to remove/)
  })

  test('asks for confirmation', async () => {
    await run('apply --yes', { deployments: [toy] })
    const asked: string[] = []
    const answer = (question: string): boolean => asked.push(question) < 0
    expect((await run('destroy', { deployments: [toy], answer })).code).toBe(1)
    expect(asked).toEqual(['Make these 3 changes? What is removed stops working immediately.'])
  })

  test('safety.preventRemoval blocks it with exit code 3', async () => {
    await run('apply --yes', { deployments: [toy] })
    const { code, stdout } = await run('destroy --yes', { deployments: [{ ...toy, preventRemoval: true }] })
    expect([code, cloud.log.length]).toEqual([3, 3])
    expect(stdout).toContain('safety.preventRemoval blocks this removal.')
  })
})
