import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connectionAdvice } from '../../src/azure/errors/connection.ts'
import type { Service } from '../../src/azure/errors/problem.ts'
import { classify, type ErrorRow, type Refused, type SignInIdentity } from '../../src/azure/errors/row.ts'
import { tables } from '../../src/azure/errors/tables.ts'
import { exchangeConnectionAdvice } from '../../src/azure/exchange/errors.ts'
import { program } from '../../src/commands/commandLine/program.ts'
import { schema as jsonSchema } from '../../src/config/schema.ts'

const shared = join(import.meta.dirname, '../../../shared')
const read = (path: string): string => {
  try {
    return readFileSync(join(shared, path), 'utf8')
  } catch {
    return ''
  }
}
const texts = (folder: string): string => {
  try {
    return readdirSync(join(shared, folder))
      .map((name) => read(join(folder, name)))
      .join('\n')
  } catch {
    return ''
  }
}

const refused = (row: ErrorRow, identity?: SignInIdentity): Refused => ({
  ...{ service: 'graph', status: row.status, code: row.code ?? '', codes: row.code === undefined ? [] : [row.code] },
  ...{ message: "action 'x' over scope '/subscriptions/s'", headers: {}, needs: 'the right', ...(identity && { identity }) },
})
const said = (row: ErrorRow, identity?: SignInIdentity): string =>
  [row.meaning, row.next].map((words) => (typeof words === 'function' ? words(refused(row, identity)) : (words ?? ''))).join(' ')

const rows = Object.entries(tables).flatMap(([service, list]) => list.map((row) => ({ service, row })))
const identities: (SignInIdentity | undefined)[] = [
  undefined,
  { tenantId: 't', app: 'KV-App' },
  { tenantId: 't', app: 'HMA-App' },
]
const advice = [
  ...rows.flatMap(({ row }) => identities.map((identity) => said(row, identity))),
  ...[...Object.values(connectionAdvice), ...Object.values(exchangeConnectionAdvice)].map((words) =>
    typeof words === 'function' ? words('host.example') : words,
  ),
]

test('every transient code has advice for when it persists', () => {
  const silent = rows.filter(({ row }) => row.passes !== undefined && said(row).trim() === '')
  expect(silent.map(({ service, row }) => `${service} ${row.code ?? row.status ?? row.says}`)).toEqual([])
})

test('only codes for a missing right are reported as one', () => {
  const wrong = rows.filter(
    ({ row }) =>
      /needs (the|a) (role|permission|privilege)|signed-in identity needs/.test(said(row)) !== (row.missingRight ?? false),
  )
  const unnamed = wrong.filter(
    ({ row }) => !(row.missingRight && /not a user of this environment|compound|only listed applications/.test(said(row))),
  )
  expect(unnamed.map(({ service, row }) => `${service} ${row.code}`)).toEqual([])
})

describe('advice names things that exist', () => {
  const schema: unknown = jsonSchema
  const has = (value: unknown, name: string): boolean =>
    typeof value === 'object' &&
    value !== null &&
    (Object.keys(value).includes(name) || Object.values(value).some((inner) => has(inner, name)))

  test('keys of the configuration', () => {
    const keys = advice.flatMap(
      (text) => text.match(/\b(keyVault|certificate|keyVaultApp|hmaApp|exchange|dynamics|safety|cloud)(\.[a-z]\w*)+/g) ?? [],
    )
    const names = [
      ...new Set([
        ...keys.flatMap((key) => key.split('.')),
        ...advice.flatMap((text) => /`auth`[^.]*?\b(certificate\w+|client[A-Z]\w+)/.exec(text)?.[1] ?? []),
      ]),
    ]
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !has(schema, name))).toEqual([])
  })

  test('commands and options of hma', () => {
    const root = program({
      version: '0',
      terminal: { out: () => {}, err: () => {}, columns: 80, color: false, live: false, unicode: true, annotate: () => {} },
      run: async () => {},
    })
    const commands = new Set(root.commands.map((command) => command.name()))
    const named = advice.flatMap((text) => [...text.matchAll(/`hma (\w+)/g)].map(([, name = '']) => name))
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !commands.has(name))).toEqual([])
    const options = advice.flatMap((text) => text.match(/(?<![\w] )--(concurrency|deadline)\b/g) ?? [])
    const known = new Set(root.options.map(({ long }) => long))
    expect(options.filter((option) => !known.has(option))).toEqual([])
  })
})

describe('every code in the references has a row', () => {
  const known = (service: Service, code: string, status = 400, message = ''): boolean =>
    !classify(tables[service], { ...{ service, status, code, codes: [code], message }, headers: {}, needs: undefined }).unknown
  const references = `${texts('reference')}\n${texts('cases')}`
  const found = (pattern: RegExp, text = references): readonly string[] => [...new Set(text.match(pattern))]

  test('of Entra', () => expect(found(/AADSTS\d{5,}/g).filter((code) => !known('login', code))).toEqual([]))
  test('of Dataverse', () => expect(found(/\b0x8[0-9a-f]{7}\b/gi).filter((code) => !known('dataverse', code))).toEqual([]))
  test('of Exchange', () => {
    const table = found(/\bError[A-Z]\w+/g, read('reference/exchange.md')).filter((code) => !/^Error(Code|s)$/.test(code))
    expect(table.filter((code) => !known('exchange', code))).toEqual([])
  })

  interface Recorded {
    readonly status: number
    readonly body: {
      readonly error?: { readonly code?: string; readonly message?: string; readonly innererror?: { readonly code?: string } }
    }
  }
  const recorded = (path: string, field: string): readonly Recorded[] => JSON.parse(read(path) || '{}')[field] ?? []
  test.each<readonly [Service, string, string]>([
    ['keyVault', 'specs/keyvault/recorded/error-catalogue.json', 'dataPlane'],
    ['resourceManager', 'specs/keyvault/recorded/error-catalogue.json', 'arm'],
    ['graph', 'specs/graph/examples.json', 'errors'],
  ])('of %s', (service, path, field) => {
    const missing = recorded(path, field).filter(({ status, body: { error } }) => {
      const codes = [error?.innererror?.code, error?.code].filter((code) => code !== undefined)
      const all = { service, status, code: codes[0] ?? '', codes, message: error?.message ?? '' }
      return classify(tables[service], { ...all, headers: {}, needs: undefined }).unknown
    })
    expect(missing.map(({ status, body }) => [status, body])).toEqual([])
  })

  test('of the cases', () => {
    const cases: Record<string, unknown[]> = JSON.parse(read('cases/refusals.json') || '{}')
    const services = { resourceManager: 'resourceManager', vault: 'keyVault' } as const
    const missing = Object.entries(services).flatMap(([field, service]) =>
      (cases[field] ?? []).flatMap((one) => {
        const [status, text] = Array.isArray(one) ? one : []
        const code = String(text)
          .split(/[ ,:(]+/)
          .filter((word) => /^[A-Z]\w+[A-Z]\w+$|^Forbidden$/.test(word))
        return code.some((word) => known(service, word, Number(status), String(text))) ? [] : [String(text)]
      }),
    )
    expect(missing).toEqual([])
  })
})

test('an unknown code is reported in the words of the service, without advice', () => {
  const found = classify(tables.resourceManager, {
    ...{ service: 'resourceManager', status: 403, code: 'Brandnew', codes: ['Brandnew'], message: 'No.' },
    headers: {},
    needs: 'the role X',
  })
  expect(found).toEqual({ entry: 'HMA405', passes: undefined, missingRight: false, hint: undefined, unknown: true })
})
