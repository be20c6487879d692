import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { Event } from '../../src/core/apply.ts'
import { HmaError } from '../../src/core/errors.ts'
import type { Change } from '../../src/core/plan.ts'
import { planFile } from '../../src/core/planFile.ts'
import { human } from '../../src/views/human.ts'
import { json } from '../../src/views/json.ts'
import { yaml } from '../support/deployment.ts'
import { type Said, type Workplace, workplace } from '../support/hma.ts'
import { served } from '../support/servedSandbox.ts'
import { recorder } from '../views/recorder.ts'

/** Clears the screen, sets a title, turns the direction of reading, breaks lines, and goes back to the beginning of one. */
const nasty = 'KV\u001b[2J\u001b]0;title\u0007\u202eppa\u2066\u2028\u0085\u009b31m\rx\u0000\u200b'

/** Whatever is no letter, sign or space: nothing of it may reach a terminal, but the ends of lines. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

const harmful = ({ stdout, stderr }: Pick<Said, 'stdout' | 'stderr'>): readonly string[] =>
  [stdout, stderr].flatMap((text) => (unseen.test(text.replaceAll('\n', '')) ? [JSON.stringify(text.slice(0, 300))] : []))

const forms = ['', '--json', '--verbose', '--quiet'] as const

let here: Workplace
beforeEach(async () => {
  here = await workplace(yaml({ tenants: 1, copy: true }))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})

/** The lines, in every form; those that showed something that they must not. */
async function shown(lines: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const line of lines)
    for (const form of forms) found.push(...harmful(await here.hma(`${line} ${form}`)).map((text) => `${line} ${form}: ${text}`))
  return found
}

describe('a name that tries to control the terminal', () => {
  test('in the configuration, or in the name of a file, or on the command line', async () => {
    await here.write('nasty.yaml', yaml({ displayName: JSON.stringify(nasty), name: 'contoso' }))
    await here.write(
      'wrong.yaml',
      yaml()
        .replace('rg-mail', `"${nasty.replaceAll('\u0000', '')}"`)
        .concat(`\n"${nasty}": x\n`),
    )
    await here.write('\u001b[2J\u202e.yaml', yaml({ displayName: '[]' }))
    const lines = [
      ...['validate', 'plan --sandbox', 'graph', 'graph --format dot'].map((line) => `${line} -f nasty.yaml`),
      ...['validate', 'plan --sandbox'].flatMap((line) => [`${line} -f wrong.yaml`, `${line} -f \u001b[2J\u202e.yaml`]),
      ...[
        'plan --sandbox --only \u001b[2J',
        'output --sandbox \u001b[2J',
        'adopt --sandbox \u001b[2J/x',
        'apply --yes --sandbox \u001b[2J',
      ],
      ...['\u001b[2J', 'plan --\u001b[2J', 'rotate \u001b[2J', 'sandbox advance \u001b[2J', 'plan --sandbox --out \u001b[2J/x'],
    ]
    expect(await shown(lines)).toEqual([])
  })

  test('in Azure and in Dynamics', async () => {
    expect((await here.hma('apply --sandbox --yes --quiet')).code).toBe(0)
    const file = join(here.directory, '.hma', 'sandbox.json')
    const world: World = JSON.parse(await readFile(file, 'utf8'))
    for (const { applications, servicePrincipals } of Object.values(world.directory.tenants))
      for (const one of [...Object.values(applications), ...Object.values(servicePrincipals)]) one.displayName = nasty
    for (const { tables } of world.dataverse.organizations)
      for (const row of Object.values(tables).flatMap((table) => Object.values(table)))
        for (const [column, value] of Object.entries(row.cells))
          if (typeof value === 'string' && /name|description|url|location|resource/i.test(column))
            row.cells[column] = `${value}${nasty}`
    for (const { certificates } of Object.values(world.vaults))
      for (const { policy } of Object.values(certificates)) policy.x509_props = { ...policy.x509_props, subject: `CN=${nasty}` }
    await here.write('.hma/sandbox.json', JSON.stringify(world))
    const plan = await here.hma('plan --sandbox')
    expect(plan.stdout).toContain('\\x1b[2J')
    expect(
      await shown([
        'plan --sandbox',
        'output --sandbox',
        'verify --sandbox',
        'status --sandbox',
        'csr --sandbox',
        'adopt --sandbox --yes',
      ]),
    ).toEqual([])
    expect(await shown(['apply --sandbox --yes', 'destroy --sandbox --yes'])).toEqual([])
  })

  test('in the message of a refusal', async () => {
    const lab = await served(here)
    try {
      vi.stubEnv('LAB_SECRET', lab.owner.clientSecret)
      await here.write('lab.yaml', lab.configuration())
      const body = JSON.stringify({
        error: { code: nasty, message: nasty, innererror: { code: nasty } },
        error_description: `AADSTS50001: ${nasty}`,
      })
      for (const service of ['login', 'management', 'graph', 'keyVault', 'dataverse'] as const) {
        await lab.fault({ service, times: 1000, when: 'instead', answer: { status: 400, body, headers: { 'request-id': 'a' } } })
        expect(await shown(['plan -f lab.yaml', 'apply -f lab.yaml --yes'])).toEqual([])
      }
    } finally {
      await lab.stop()
    }
  })
})

/** Texts of which most characters mean something to a terminal, to Markdown, to Mermaid or to Graphviz. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u0007',
      '\r',
      '\n',
      '\t',
      '\b',
      '\u0000',
      '\u202e',
      '\u2066',
      '\u2028',
      '\ufeff',
      '\u00ad',
    ),
    fc.constantFrom(...'"\'`<>&|[](){}#;\\/*_~$%'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
})

test('no control characters of any text reach a terminal through any view', () => {
  const difference = fc.record({
    field: text,
    from: fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.jsonValue()),
    to: text,
    why: text,
  })
  const change: fc.Arbitrary<Change> = fc.record({
    ...{ address: text, kind: text, instructions: text, after: fc.constant([]) },
    action: fc.constantFrom('create', 'update', 'adopt', 'remove', 'manual', 'none'),
    reason: fc.constantFrom('missing', 'differs', 'expiring', 'unmarked', 'waiting', 'requested'),
    differences: fc.array(difference, { maxLength: 3 }),
  })
  const error = fc
    .tuple(text, text, fc.boolean())
    .map(([message, hint, foreseen]) => (foreseen ? new HmaError('HMA901', message, { hint }) : new Error(message)))
  const event: fc.Arbitrary<Event> = fc.oneof(
    fc.record({ type: fc.constant('started' as const), address: text, action: fc.constant('create' as const) }),
    fc.record({ type: fc.constant('note' as const), address: text, message: text }),
    fc.record({ type: fc.constant('done' as const), address: text, action: fc.constant('create' as const) }),
    fc.record({ type: fc.constant('failed' as const), address: text, error }),
    fc.record({ type: fc.constant('skipped' as const), address: text, because: text, waiting: fc.boolean() }),
  )
  const now = new Date('2026-01-01T00:00:00Z')
  fc.assert(
    fc.property(
      text,
      fc.array(change, { maxLength: 3 }),
      fc.array(event, { maxLength: 5 }),
      error,
      fc.boolean(),
      (name, changes, events, failure, data) => {
        const terminal = recorder({ columns: 40 })
        const view = data ? json(terminal, { quiet: false }) : human(terminal, { quiet: false, verbose: true })
        const plan = planFile([{ name, changes }], { hmaVersion: '1', createdAt: now })
        view.plan(plan)
        view.proposal(plan, 'apply')
        for (const one of events) view.event(one, now)
        view.summary({ done: 1, failed: 1, skipped: 1, waiting: 1, interrupted: true })
        view.outputs({ [name]: { [name]: name } }, undefined)
        view.note(name)
        view.error(failure)
        view.close()
        // What carries the stack of a bug is indented with spaces by Node itself.
        expect(harmful(terminal)).toEqual([])
      },
    ),
    { numRuns: 1500 },
  )
})
