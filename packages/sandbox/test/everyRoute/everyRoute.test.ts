import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { type AsClient, asClient } from '../clients/asClient.ts'
import { startSandbox } from '../support/sandbox.ts'
import { ofArm } from './arm.ts'
import type { Family, Ids } from './family.ts'
import { ofGraph } from './graph.ts'
import { ofRows } from './rows.ts'
import { ofVault } from './vault.ts'

// "No request is half honoured": every route of the routers is asked as documented, and then for something more, which strict mode refuses.

const families: readonly Family[] = [ofGraph, ofArm, ofVault, ofRows]

describe.each(families)('$name', ({ tenantId, routes, prepare, url, bodies, apart, headers: headersOf = () => ({}) }) => {
  let sandbox: Sandbox
  let client: AsClient
  let ids: Ids = {}
  let kept: Sandbox['world']
  let changed = false
  beforeAll(async () => {
    sandbox = await startSandbox({ settings: { registeringDns: 0 } })
    client = asClient(sandbox, 'owner', tenantId)
    ids = await prepare(client, sandbox.advance)
    kept = structuredClone(sandbox.world)
  })
  afterAll(() => sandbox.close())

  /** Each request starts from the same world. */
  const send = async (
    route: string,
    { query = '', body, headers = {} }: { query?: string; body?: object | undefined; headers?: Record<string, string> },
  ) => {
    const [method = '', path = ''] = route.split(' ')
    if (changed) Object.assign(sandbox.world, structuredClone(kept))
    changed = method !== 'GET'
    const at = url(path, ids, method)
    return client(method, `${at}${at.includes('?') ? '&' : '?'}${query}`.replace(/[?&]$/, ''), body, {
      ...headersOf(path),
      ...headers,
    })
  }

  test('every route named elsewhere exists', () => expect(routes).toEqual(expect.arrayContaining(Object.keys(apart))))

  test.each(routes.filter((route) => !(route in apart)))('%s', async (route) => {
    const body = bodies[route]?.(ids)
    const wrong: string[] = []
    const expectRefused = async (what: string, extra: Parameters<typeof send>[1]) => {
      const { status, text } = await send(route, { body, ...extra })
      if (status < 400) wrong.push(`${what}: ${status} ${text.slice(0, 80)}`)
    }
    const plain = await send(route, { body })
    if (plain.status >= 400) wrong.push(`as documented: ${plain.status} ${plain.text.slice(0, 200)}`)
    const extras = { $nothing: { query: '$nothing=1' }, ...harmless }
    // Strict mode names all of them at once; where the service refuses one by itself, the others are asked one by one.
    const all = await send(route, {
      body,
      query: '$nothing=1&elsewhere=1',
      headers: { 'if-match': '"1"', prefer: 'nothing-known' },
    })
    const unnamed = all.text.includes('SandboxStrict') ? Object.keys(extras).filter((name) => !all.text.includes(name)) : []
    if (unnamed.length > 0) wrong.push(`not named: ${unnamed.join(', ')}`)
    for (const [what, extra] of all.text.includes('SandboxStrict') ? [] : Object.entries(extras)) await expectRefused(what, extra)
    for (const [what, other] of body === undefined ? [] : withUnknowns(body)) await expectRefused(what, { body: other })
    expect(wrong).toEqual([])
  })
})

const harmless: Readonly<Record<string, { query?: string; headers?: Record<string, string> }>> = {
  elsewhere: { query: 'elsewhere=1' },
  'if-match': { headers: { 'if-match': '"1"' } },
  'nothing-known': { headers: { prefer: 'nothing-known' } },
}

/** A body with something unknown in each of its objects, and with each of its values of another type. */
function withUnknowns(body: object, path = ''): (readonly [what: string, body: object])[] {
  const unknown = [`${path}unknown property`, { ...body, nothingKnown: 'x' }] as const
  const others = Object.entries(body).flatMap(([name, value]) => {
    const put = (other: unknown): object => ({ ...body, [name]: other })
    // Tags have any names, and any plain values, which become text.
    const inner =
      typeof value === 'object' && !Array.isArray(value) && name !== 'tags' ? withUnknowns(value, `${path}${name}.`) : []
    return [
      [`${path}${name} of another type`, put(typeof value === 'string' ? 5 : 'x')] as const,
      ...inner.map(([what, other]) => [what, put(other)] as const),
    ]
  })
  return [unknown, ...others]
}
