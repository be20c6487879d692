import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPlan } from '../../src/commands/planFile/read.ts'
import { HmaError } from '../../src/core/errors.ts'
import { digest, type PlanFile } from '../../src/core/planFile.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { Cloud, node } from '../support/mapCloud.ts'
import { type Deployment, run } from './runOverMapClouds.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hma-plans-'))
  file = join(directory, 'plan.json')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const named = (name: string, cloud = new Cloud()): Deployment => ({
  name,
  cloud,
  nodes: [
    node(`${name}/a`, { name: 'a', size: 1 }),
    node(`${name}/b`, { name: 'b', size: 2, upstreamId: { $ref: `${name}/a`, field: 'id' } }),
  ],
})

/** Everything on one line, as it is wrapped for people. */
const line = (text: string): string => text.replaceAll(/\s+/g, ' ')

/** The plan of a toy, saved by the command and read as text. */
async function saved(deployments: readonly Deployment[]): Promise<PlanFile> {
  expect((await run(`plan --out ${file}`, { deployments })).code).toBe(0)
  const { readFile } = await import('node:fs/promises')
  return JSON.parse(await readFile(file, 'utf8'))
}

describe('a plan is refused, and nothing is done', () => {
  const refusal = async (deployments: readonly Deployment[]): Promise<string> => {
    const { code, stderr } = await run(`apply ${file} --yes`, { deployments })
    expect([code, deployments.flatMap(({ cloud }) => cloud?.log ?? [])]).toEqual([1, []])
    return line(stderr)
  }

  test('if Azure has changed, and says what', async () => {
    const toy = named('toy')
    await saved([toy])
    toy.cloud?.things.set('b', { name: 'b', id: 'id-b', mark: 'toy', size: 2 })
    expect(await refusal([toy])).toContain('has changed since this plan was made: toy/b [HMA401] Nothing was changed.')
  })

  test('if the configuration has changed', async () => {
    await saved([named('toy')])
    const toy = named('toy')
    const changed = { ...toy, nodes: [node('toy/a', { name: 'a', size: 5 }), ...toy.nodes.slice(1)] }
    expect(await refusal([changed])).toContain('has changed since this plan was made: toy/a [HMA401] Nothing')
  })

  test('if it is for other or fewer deployments', async () => {
    await saved([named('toy'), named('other')])
    expect(await refusal([named('third')])).toContain('The plan covers other, toy, this run third [HMA401] Nothing was changed.')
    const { code, stderr } = await run(`apply ${file} --yes --only toy`, { deployments: [named('toy'), named('other')] })
    expect([code, line(stderr)]).toEqual([
      1,
      expect.stringContaining('The plan covers other, toy, this run toy [HMA401] Nothing'),
    ])
  })

  test('if a deployment can no longer be surveyed', async () => {
    await saved([named('toy')])
    const broken = { ...named('toy'), nodes: [{ ...node('toy/a', { name: 'a' }), kind: 'unheard-of' }] }
    expect(await refusal([broken])).toContain('toy/a is of the kind "unheard-of"')
    expect(await refusal([broken])).toContain('some deployments could not be read [HMA509] Nothing was changed.')
  })

  test.each(['2.0', '10.0', '0.9', '1', '1.x', ''])('since its format is "%s", whatever else is in it', async (formatVersion) => {
    const plan = await saved([named('toy')])
    for (const content of [
      { ...plan, formatVersion },
      { formatVersion, everything: 'is elsewhere' },
    ]) {
      await writeFile(file, JSON.stringify(content))
      expect(await refusal([named('toy')])).toContain(`has the format version ${formatVersion}; this hma reads version 1`)
    }
  })

  test.each([
    ['no JSON', 'plan: yes', 'is not a plan: it is not JSON'],
    ['nothing', '', 'is not JSON'],
    ['another JSON', '{"deployments": []}', 'is not a plan saved by `hma plan --out`'],
    ['a list', '[]', 'is not a plan saved by'],
    ['null', 'null', 'is not a plan saved by'],
    ['a deep JSON', `{"formatVersion":"1.0","digest":"x","deployments":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'is not'],
    [
      'deep values',
      `{"formatVersion":"1.0","hmaVersion":"1","createdAt":"","digest":"x","deployments":[{"name":"toy","changes":[{"address":"a","kind":"b","action":"none","after":[],"differences":[{"field":"f","from":${'['.repeat(20_000)}${']'.repeat(20_000)}}]}]}]}`,
      'was changed after it was saved',
    ],
  ])('since it is %s', async (_what, content, why) => {
    await writeFile(file, content)
    const text = await refusal([named('toy')])
    expect(text).toContain(why)
    expect(text).not.toContain('bug')
  })

  test('if it is a folder or missing', async () => {
    expect(line((await run(`apply ${directory} --yes`, { deployments: [named('toy')] })).stderr)).toContain(
      'cannot be read: it is a folder',
    )
    expect(await refusal([named('toy')])).toContain('cannot be read: there is no such file or folder')
  })
})

/** All paths in a value that lead to a leaf. */
const places = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))
    : [path]

/** The value with a replacement at that path. */
function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === name ? replaced(one, rest, by) : one))
  return typeof value === 'object' && value !== null ? { ...value, [name]: replaced(Reflect.get(value, name), rest, by) } : by
}

/** Prose, order and times: the digest does not cover them, and no action depends on them. */
const prose = /^(createdAt|hmaVersion|summary|deployments\.\d+\.changes\.\d+\.(kind|after|instructions|differences\.\d+\.why))/

/** Prose that is no text could not be shown; what is text changes nothing that is done. */
function readable(read: () => PlanFile, agreed: string): void {
  try {
    expect(digest(read())).toBe(agreed)
  } catch (error) {
    if (!(error instanceof HmaError)) throw error
  }
}

test('any edit is refused, except of prose', async () => {
  const plan = await saved([named('toy'), named('other')])
  const all = places(plan)
  expect(all.length).toBeGreaterThan(40)
  await fc.assert(
    fc.property(fc.constantFrom(...all), fc.jsonValue(), (path, value) => {
      const edited = JSON.stringify(replaced(plan, path, value))
      fc.pre(edited !== JSON.stringify(plan))
      const read = (): PlanFile => readPlan(edited, 'plan.json')
      if (prose.test(path.join('.'))) readable(read, plan.digest)
      else if (
        JSON.stringify(value) === JSON.stringify(path.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), plan))
      )
        read()
      else expect(read).toThrow(HmaError)
    }),
    { numRuns: 3000 },
  )
})

test('any other text is refused with a clear message', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ formatVersion: '1.0', digest: 'sha256:0', deployments: value })),
    fc
      .array(fc.jsonValue())
      .map((changes) => JSON.stringify({ formatVersion: '1.0', digest: '', deployments: [{ name: 'toy', changes }] })),
  )
  fc.assert(
    fc.property(text, (content) => void expect(() => readPlan(content, 'plan.json')).toThrow(HmaError)),
    { numRuns: 3000 },
  )
})

test('a forged plan with a matching digest is still compared with Azure, and its names cannot control the terminal', async () => {
  const plan = await saved([named('toy')])
  const [first] = plan.deployments
  const changes = [
    ...(first?.changes ?? []),
    { address: 'toy/\u001b[2J\u202ex', kind: 'thing', action: 'remove' as const, differences: [], after: [] },
  ]
  const deployments = [{ name: 'toy', changes }]
  await writeFile(file, JSON.stringify({ ...plan, deployments, digest: digest({ deployments }) }))
  const { code, stderr } = await run(`apply ${file} --yes`, { deployments: [named('toy')] })
  expect([code, line(stderr)]).toEqual([1, expect.stringContaining('made: toy/\\x1b[2J\\u202ex [HMA401] Nothing was changed.')])
})

describe('hma show', () => {
  const shown = (line: string) => run(line, { directory })

  test('prints a saved plan in every form of `hma plan`, without a configuration', async () => {
    const deployments = [named('toy')]
    for (const form of ['', ' --json', ' --markdown']) {
      const planned = await run(`plan --out ${file}${form}`, { deployments })
      const { code, stdout, stderr } = await shown(`show plan.json${form}`)
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toBe(planned.stdout.replace('`hma apply`', '`hma apply plan.json`'))
    }
    await run(`plan --html ${join(directory, 'planned.html')}`, { deployments })
    expect((await shown('show plan.json --html shown.html')).code).toBe(0)
    const { readFile } = await import('node:fs/promises')
    const page = (name: string) => readFile(join(directory, name), 'utf8')
    expect(await page('shown.html')).toBe(await page('planned.html'))
  })

  test('recomputes the summary in the file', async () => {
    const plan = await saved([named('toy')])
    await writeFile(file, JSON.stringify({ ...plan, summary: { ...plan.summary, create: 0, none: 2 } }))
    expect((await shown('show plan.json')).stdout).toContain('Plan: 2 to create.')
  })

  test('refuses what `hma apply` would refuse, and prose that is no text', async () => {
    const plan = await saved([named('toy')])
    const [first] = plan.deployments
    await writeFile(
      file,
      JSON.stringify({
        ...plan,
        deployments: [{ ...first, changes: first?.changes.map((one) => ({ ...one, instructions: 5 })) }],
      }),
    )
    for (const [name, why] of [
      ['plan.json', 'is not a plan saved by `hma plan --out`'],
      ['none.json', 'there is no such file or folder'],
    ]) {
      const { code, stdout, stderr } = await shown(`show ${name}`)
      expect([code, stdout, line(stderr)]).toEqual([1, '', expect.stringContaining(why ?? '')])
    }
    expect((await shown('show plan.json --json --markdown')).stderr).toContain('--json or --markdown')
  })
})

describe('with a real configuration, on the sandbox', () => {
  let here: Workplace
  beforeEach(async () => {
    here = await workplace(yaml())
  })
  afterEach(() => here.leave())

  test('a plan for one configuration is refused for another; prose may be edited', async () => {
    const plan = join(here.directory, 'plan.json')
    await here.hma(`plan --sandbox --out ${plan}`)
    await here.write('hma.config.yaml', yaml().replace('lifetimeDays: 180', 'lifetimeDays: 90'))
    expect(line((await here.hma(`apply --sandbox --yes ${plan}`)).stderr)).toContain(
      'has changed since this plan was made: contoso/clientSecret',
    )
    await here.write('hma.config.yaml', yaml({ name: 'fabrikam' }))
    expect(line((await here.hma(`apply --sandbox --yes ${plan}`)).stderr)).toContain('The plan covers contoso, this run fabrikam')
  })

  test('hma show still says that it was made in the sandbox', async () => {
    await here.hma('plan --sandbox --out plan.json')
    for (const line of ['show plan.json', 'show plan.json --sandbox']) {
      const { code, stdout } = await here.hma(line)
      expect([code, stdout.match(/`hma apply plan\.json --sandbox`/g)]).toEqual([0, ['`hma apply plan.json --sandbox`']])
    }
  })

  test('a minute later it is still valid: times are not part of it', async () => {
    const plan = join(here.directory, 'plan.json')
    await here.hma(`plan --sandbox --out ${plan}`)
    await here.hma('sandbox advance 1h')
    expect((await here.hma(`apply --sandbox --yes ${plan}`)).code).toBe(0)
  })
})
