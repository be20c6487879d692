import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { render } from '../../src/config/diagnostic.ts'
import { load } from '../../src/config/load.ts'
import { substitute } from '../../src/config/read/environment.ts'
import { folder, loadText, valid } from './folder.ts'

const reference = (name: string) => `$\{${name}}`

describe('without `auth`', () => {
  const tenant = '11111111-1111-1111-1111-111111111111'
  const read = async (text: string) =>
    load({ files: [], env: {}, directory: await folder({ 'hma.config.yaml': text }), withoutAuth: true })

  it('no variable in it is needed, no mistake in it counts, and it is empty', async () => {
    const auth = `auth:\n  ${tenant}: {credential: clientSecret, clientId: '${reference('ID')}', secret: '${reference('KEY')}'}\n`
    const { deployments, diagnostics } = await read(`${auth}${valid}`)
    expect(diagnostics).toEqual([])
    expect(deployments.map(({ configuration }) => configuration.auth)).toEqual([{}])
  })

  it('the text next to it counts', async () => {
    const { diagnostics } = await read(
      `${valid}auth: {${tenant}: {credential: '${reference('A')}'}}\nnonsense: x\nhmaApp: {displayName: '${reference('B')}'}\n`,
    )
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(['HMA103', 'HMA107'])
  })
})

describe('references to the environment', () => {
  it.each([
    ['a value', reference('A'), { A: 'one' }, 'one'],
    ['several', `${reference('A')}-${reference('B')}`, { A: 'one', B: 'two' }, 'one-two'],
    ['a literal', `$${reference('A')}`, { A: 'one' }, reference('A')],
    ['a lone dollar sign', 'cost $5 {x}', {}, 'cost $5 {x}'],
    ['a value that looks like a reference', reference('A'), { A: reference('B'), B: 'no' }, reference('B')],
    ['a value with the marks of replacement', reference('A'), { A: '$& $1 $$' }, '$& $1 $$'],
  ])('%s', (_, text, env, value) => {
    expect(substitute(text, env)).toMatchObject({ value, unresolved: [] })
  })

  it('any text passes through a variable unchanged, whatever surrounds it', () => {
    const plain = fc.string().filter((text) => !text.includes('$'))
    fc.assert(
      fc.property(plain, fc.string({ minLength: 1 }), plain, (before, value, after) => {
        expect(substitute(`${before}${reference('NAME')}${after}`, { NAME: value })).toEqual({
          value: before + value + after,
          unresolved: [],
          variables: { NAME: value },
        })
      }),
    )
  })

  it('a text in which every ${ is doubled is a literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', '\n') }), (text) => {
        const escaped = text.replaceAll(/\$(?=\{)/g, '$$$$')
        expect(substitute(escaped, { A: 'never' })).toEqual({ value: text, unresolved: [], variables: {} })
      }),
    )
  })

  it('never turns into structure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'\n:- {}[]#&*!|>\'"%@`a,'), minLength: 1 }), async (value) => {
        const text = `${valid}hmaApp: {displayName: "x${reference('NAME')}"}`
        const { deployments, diagnostics } = await loadText(text, { NAME: value })
        const name = deployments.map(({ configuration }) => configuration.hmaApp.displayName)
        // A name is one line: a line break in it is a mistake, and still no structure.
        expect([name, diagnostics.length]).toEqual(value.includes('\n') ? [[], 1] : [[`x${value}`], 0])
      }),
      { numRuns: 40 },
    )
  })
})

describe('what does not exist', () => {
  const marked = async (text: string, env = {}) =>
    (await loadText(valid + text, env)).diagnostics.map(
      ({ line, column, length, message }) => `${line}:${column}+${length} ${message}`,
    )

  it.each([
    ['unset', {}],
    ['empty', { LAB: '' }],
    ['a name that every object has', { toString: 'x' }],
  ])('%s: the same words, at the reference', async (_, env) => {
    expect(await marked(`hmaApp:\n  displayName: "HMA ${reference('LAB')}"`, env)).toEqual([
      '13:21+6 The environment variable LAB is not set, or is empty.',
    ])
  })

  it('each reference in a text has its own position', async () => {
    expect(await marked(`hmaApp: {displayName: '${reference('A')} ${reference('B')} ${reference('A')}'}`, { B: 'b' })).toEqual([
      '12:24+4 The environment variable A is not set, or is empty.',
      '12:34+4 The environment variable A is not set, or is empty.',
    ])
  })

  it.each([reference(''), reference('A B'), '${A', reference('1A')])('%s is no reference', async (text) => {
    expect(await marked(`hmaApp: {displayName: "${text}"}`)).toEqual([
      `12:24+${text.length} ${text} does not name an environment variable.`,
    ])
  })

  it('a key cannot contain one', async () => {
    expect(await marked(`"${reference('A')}": x`, { A: 'safety' })).toEqual([
      `12:1+6 A deployment has no key "${reference('A')}".`,
    ])
  })
})

/** Every place that takes text, each with a value that is wrong there. */
const wrongEverywhere = (value: string) => `
apiVersion: ${value}
name: ${value}
cloud: {name: ${value}, authorityHost: ${value}, resourceManager: ${value}, graph: ${value}, keyVaultSuffix: ${value}, caFile: ${value}}
auth:
  11111111-1111-1111-1111-111111111111: {credential: ${value}, clientId: ${value}, clientSecret: ${value}}
keyVault:
  {tenantId: ${value}, subscriptionId: ${value}, resourceGroup: ${value}, name: ${value}, create: {location: ${value}, authorization: ${value}, purgeProtection: ${value}}}
certificate: {name: ${value}, source: ${value}, subject: ${value}, keySize: ${value}, renewBeforeDays: ${value}, password: ${value}}
keyVaultApp: {displayName: ${value}, appId: ${value}, clientSecret: {vaultSecretName: ${value}, lifetimeDays: ${value}}}
hmaApp: ${value}
exchange: {ewsUrl: ${value}, resourceId: ${value}, testMailbox: ${value}, mailboxScope: ${value}}
dynamics: {environmentUrl: ${value}, tenantId: ${value}, profile: {name: ${value}}, mailboxes: [${value}, {address: ${value}}]}
safety: {preventRemoval: ${value}}
`

it.each([
  'hunter2 | hunter2',
  'https://hunter2.example/hunter2',
  'hunter2@@',
  'CN==hunter2,hunter2',
  'x'.repeat(2100).concat('hunter2'),
])('no diagnostic shows what a variable holds: %#', async (value) => {
  const { diagnostics } = await loadText(wrongEverywhere(`"${reference('SECRET')}"`), { SECRET: value })
  expect(diagnostics.length).toBeGreaterThan(10)
  expect(JSON.stringify(diagnostics) + diagnostics.map(render).join('\n')).not.toContain('hunter2')
})
