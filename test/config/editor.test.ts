import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environment, portalMade } from '../discovery/portalMade.ts'
import { type Editor, editor } from './editor.ts'

const root = join(import.meta.dirname, '../..')
const files = ['hma.config.yaml', ...globSync('examples/*/{,deployments/}*.yaml', { cwd: root }).sort()]
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

let vscode: Editor
beforeAll(async () => {
  vscode = await editor()
})
afterAll(() => vscode.close())

const head = '# yaml-language-server: $schema=./schemas/hma.schema.json\n'
const lines = [
  'apiVersion: hma/v1',
  'name: contoso',
  'keyVault:',
  '  tenantId: 11111111-1111-1111-1111-111111111111',
  '  subscriptionId: 33333333-3333-3333-3333-333333333333',
  '  resourceGroup: rg-mail',
  '  name: kv-contoso-mail',
  'exchange:',
  '  ewsUrl: https://mail.contoso.com/EWS/Exchange.asmx',
]
const written = (change: (all: string[]) => void): string => {
  const all = [...lines]
  change(all)
  return `${head}${all.join('\n')}\n`
}

test.each(files)('%s leads editors to the schema, and they find nothing wrong', async (file) => {
  const [first = '', second = ''] = text(file).split('\n')
  const path = /^# yaml-language-server: \$schema=(.+)$/.exec(first)?.[1] ?? ''
  expect(second).toBe(`# $schema: ${path}`)
  expect(readFileSync(join(root, file, '..', path), 'utf8')).toBe(text('schemas/hma.schema.json'))
  expect(await vscode.open(file, text(file))).toEqual([])
})

describe('a mistake is marked at its line', () => {
  test.each<readonly [string, (all: string[]) => void, number, RegExp]>([
    ['an unknown key', (all) => all.splice(2, 0, 'certficate: {}'), 3, /certficate/],
    ['a value that is none of those', (all) => all.push('hmaApp: { adminConsent: maybe }'), 10, /"grant"|grant/],
    ['a text in place of a number', (all) => all.push('certificate:', '  overlapDays: seven'), 11, /integer/],
    ['a key that is missing', (all) => all.splice(8, 1, '  testMailbox: a@contoso.com'), 8, /ewsUrl/],
  ])('%s', async (name, change, line, message) => {
    const found = await vscode.open(`${name.replaceAll(' ', '-')}.yaml`, written(change))
    expect(found.map((one) => one.range.start.line)).toContain(line)
    expect(found.map((one) => one.message).join('\n')).toMatch(message)
  })
})

test('a key is explained, and keys and values are suggested', async () => {
  const more = ['certificate:', '  overlapDays: 7', 'keyVaultApp:', '  ', 'hmaApp:', '  adminConsent: ']
  await vscode.open(
    'whole.yaml',
    written((all) => all.push(...more)),
  )
  const at = (line: string): number => 1 + lines.length + more.indexOf(line)
  expect(await vscode.hover('whole.yaml', { line: at('  overlapDays: 7'), character: 5 })).toContain(
    'How long the former certificate stays trusted after a renewal.',
  )
  expect(await vscode.complete('whole.yaml', { line: at('  '), character: 2 })).toEqual(
    expect.arrayContaining(['displayName', 'appId', 'clientSecret']),
  )
  expect(await vscode.complete('whole.yaml', { line: at('  adminConsent: '), character: 16 })).toEqual(
    expect.arrayContaining(['grant', 'manual']),
  )
})

test('the keys of keyVault and the values of its authorization are suggested, too', async () => {
  const block = ['  ', '  create:', '    location: westeurope', '    authorization: ']
  await vscode.open(
    'vault.yaml',
    written((all) => all.splice(4, 3, ...block)),
  )
  const keys = await vscode.complete('vault.yaml', { line: 5, character: 2 })
  expect(keys).toEqual(expect.arrayContaining(['subscriptionId', 'resourceGroup', 'name']))
  expect(keys).not.toContain('create')
  const values = await vscode.complete('vault.yaml', { line: 8, character: 19 })
  expect([...values].sort()).toEqual(['accessPolicy', 'rbac'])
})

const init = [
  ...['init --yes --out init.yaml --ews-url mail.contoso.com --environment contoso.crm4.dynamics.com --vault kv-contoso-mail'],
  ...['--tenant 22222222-2222-2222-2222-222222222222 --vault-tenant 11111111-1111-1111-1111-111111111111 --name contoso'],
  ...['--subscription 33333333-3333-3333-3333-333333333333 --resource-group rg-mail --create-vault westeurope'],
].join(' ')

test('files written by init and import find the schema next to them and are valid', async () => {
  const here = await portalMade()
  try {
    for (const [file, line] of Object.entries({ 'init.yaml': init, 'import.yaml': `import ${environment} --out import.yaml` })) {
      const { code, stderr } = await here.hma(`${line} --sandbox`)
      expect(code, stderr).toBe(0)
      const written = readFileSync(join(here.directory, file), 'utf8')
      expect(written.split('\n').slice(0, 2)).toEqual([head.trim(), '# $schema: ./schemas/hma.schema.json'])
      expect(readFileSync(join(here.directory, 'schemas/hma.schema.json'), 'utf8')).toBe(text('schemas/hma.schema.json'))
      expect(await vscode.open(join(here.directory, file), written)).toEqual([])
      const wrong = written.replace(/^exchange:/m, 'exchagne:')
      expect(await vscode.open(join(here.directory, `wrong-${file}`), wrong)).not.toEqual([])
    }
  } finally {
    await here.leave()
  }
})
