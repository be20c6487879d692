import { describe, expect, test } from 'vitest'
import type { Exchange, Finding } from './exchange.ts'
import { judges } from './services.ts'
import { hasSpecs, reader } from './specs.ts'
import { tally } from './tally.ts'

const id = '0a1b2c3d-0000-4000-8000-000000000001'
const json = { 'content-type': 'application/json' }

interface Wire {
  readonly by?: 'hma' | 'test'
  readonly sent?: unknown
  readonly status?: number
  readonly answered?: unknown
}

/** `PUT host/path`, with what was sent and answered. */
function exchange(line: string, { by = 'hma', sent, status = 200, answered }: Wire): Exchange {
  const [, method = '', host = '', url = ''] = /^(\w+) ([^/]+)(.*)$/.exec(line) ?? []
  const message = (body: unknown) => ({ headers: json, body: body === undefined ? '' : JSON.stringify(body) })
  return { by, in: 'test/contract/judging.test.ts', host, method, url, request: message(sent), status, answer: message(answered) }
}

const vault = 'kv.vault.azure.net'
const group = `management.azure.com/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.KeyVault`
const rows = 'contoso.crm4.dynamics.com/api/data/v9.2'
const secret = { value: 'v', id: `https://${vault}/secrets/a/1`, attributes: { enabled: true } }
const place = { location: 'westeurope', properties: { tenantId: id, sku: { family: 'A', name: 'standard' } } }

const broken: [string, string, Wire, Partial<Finding>][] = [
  ['an unknown path', `GET ${vault}/secret/a?api-version=7.5`, { status: 404 }, { of: 'request', pointer: 'path' }],
  [
    'an unknown property',
    `PUT ${vault}/secrets/a?api-version=7.5`,
    { sent: { value: 'v', colour: 'red' }, answered: secret },
    { of: 'request', pointer: '/colour', expected: 'to be described', found: 'red' },
  ],
  [
    'a read-only property in a request',
    `PUT ${vault}/secrets/a?api-version=7.5`,
    { sent: { value: 'v', attributes: { created: 1 } }, answered: secret },
    { of: 'request', pointer: '/attributes/created', expected: 'not to be there: it is read-only' },
  ],
  [
    'a property that is never read, in an answer',
    `GET ${group}/vaults/kv-1?api-version=2023-07-01`,
    { answered: { ...place, properties: { ...place.properties, createMode: 'recover' } } },
    { of: 'answer', pointer: '/properties/createMode' },
  ],
  [
    'an unknown property in an answer',
    `GET graph.microsoft.com/v1.0/applications/${id}`,
    { answered: { id, colour: 'red' } },
    { of: 'answer', pointer: '/colour' },
  ],
  [
    'a wrong status',
    `DELETE ${vault}/deletedsecrets/a?api-version=7.5`,
    { status: 202 },
    { of: 'answer', pointer: 'status', expected: 'one of 204, default', found: '202' },
  ],
  [
    'too long a name of a vault',
    `PUT ${group}/vaults/${'k'.repeat(25)}?api-version=2023-07-01`,
    { sent: place, answered: place },
    { of: 'request', pointer: 'path vaultName' },
  ],
  [
    'too long a name in Dynamics',
    `PATCH ${rows}/managedidentities(${id})`,
    { sent: { name: 'n'.repeat(101) }, status: 204 },
    { of: 'request', pointer: '/name', expected: 'must NOT have more than 100 characters' },
  ],
  [
    'another version',
    `GET ${vault}/secrets?api-version=2016-10-01`,
    { answered: { value: [] } },
    { of: 'request', pointer: '?api-version', expected: '7.5', found: '2016-10-01' },
  ],
  [
    'an unknown parameter',
    `GET ${vault}/secrets?api-version=7.5&colour=red`,
    { answered: { value: [] } },
    { pointer: '?colour' },
  ],
  [
    'a body that is missing',
    `POST graph.microsoft.com/v1.0/applications`,
    { status: 201, answered: { id } },
    { of: 'request', pointer: '' },
  ],
  [
    'an unknown option',
    `PATCH ${rows}/emailserverprofiles(${id})`,
    { sent: { incomingcredentialretrieval: 99 }, status: 204 },
    { of: 'request', pointer: '/incomingcredentialretrieval' },
  ],
  [
    'a link to another table',
    `PATCH ${rows}/emailserverprofiles(${id})`,
    { sent: { 'managedidentityid@odata.bind': `/teams(${id})` }, status: 204 },
    { of: 'request', pointer: '/managedidentityid@odata.bind' },
  ],
  [
    'a column that nobody has',
    `GET ${rows}/mailboxes?$select=colour`,
    { answered: { value: [] } },
    { of: 'request', found: 'colour' },
  ],
  [
    'a column that cannot be read, of a row that is brought along',
    `GET ${rows}/emailserverprofiles?$expand=managedidentityid($select=clientsecret)`,
    { answered: { value: [] } },
    { of: 'request', found: 'clientsecret' },
  ],
  [
    'a secret in an answer',
    `GET ${rows}/managedidentities(${id})`,
    { answered: { managedidentityid: id, clientsecret: 'hush' } },
    { of: 'answer', pointer: '/clientsecret', expected: 'not to be there: it is never read' },
  ],
]

const fine: [string, string, Wire][] = [
  ['a secret', `PUT ${vault}/secrets/a?api-version=7.5`, { sent: { value: 'v' }, answered: secret }],
  ['a vault', `PUT ${group}/vaults/kv-1?api-version=2023-07-01`, { sent: place, answered: place }],
  ['case', `GET ${group.toLowerCase()}/VAULTS/kv-1?api-version=2023-07-01`, { answered: place }],
  [
    'a new application',
    `POST graph.microsoft.com/v1.0/applications`,
    { sent: { displayName: 'n' }, status: 201, answered: { id } },
  ],
  [
    'a name that is just short enough',
    `PATCH ${rows}/managedidentities(${id})`,
    { sent: { name: 'n'.repeat(100) }, status: 204 },
  ],
  [
    'what a test asks for in vain',
    `GET ${vault}/secret/a`,
    { by: 'test', status: 404, answered: { error: { code: 'c', message: 'm' } } },
  ],
  ['what a test sends wrong, and is refused', `PUT ${vault}/secrets/a`, { by: 'test', status: 400, answered: { error: {} } }],
]

describe.skipIf(!hasSpecs())('by Microsoft’s descriptions', () => {
  const judge = hasSpecs() ? judges(reader()) : undefined
  const judged = (line: string, wire: Wire) => {
    const one = exchange(line, wire)
    return tally(judge ? [{ exchange: one, judged: judge(one) }] : [])
  }

  test.each(broken)('%s is a failure', (_name, line, wire, finding) => {
    expect(judged(line, wire).failures).toMatchObject([finding])
  })

  test.each(fine)('%s is not', (_name, line, wire) => {
    expect(judged(line, wire).failures).toEqual([])
  })

  test('exceptions are counted with their reasons and fail nothing', () => {
    const { failures, used } = judged(`GET ${vault}/secrets?api-version=2025-07-01`, { answered: { value: [] } })
    expect(failures).toEqual([])
    expect([...used].map(([{ why }, times]) => [why.includes('2025-07-01'), times])).toEqual([[true, 1]])
  })
})
