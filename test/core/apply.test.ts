import { describe, expect, test } from 'vitest'
import { apply, type Event } from '../../src/core/apply.ts'
import { ref } from '../../src/core/graph.ts'
import type { Difference, Kind, Kinds, Node } from '../../src/core/kind.ts'
import { type Intent, plan } from '../../src/core/plan.ts'
import { survey } from '../../src/core/survey.ts'
import { Cloud, context, node, pace, thing } from '../support/mapCloud.ts'

const nodes = [node('toy/leaf', { name: 'leaf', upstreamId: ref('toy/root', 'id') }), node('toy/root', { name: 'root', size: 1 })]

async function run(
  cloud: Cloud,
  wanted: readonly Node[] = nodes,
  intent: Partial<Intent> = {},
  confirmations = 1,
  signal = context.signal,
) {
  const kinds = { thing: thing(cloud, confirmations) }
  const here = { ...context, signal }
  const actual = await survey(wanted, kinds, context)
  const changes = plan(wanted, actual, kinds, { owner: 'toy', ...intent }, here.now)
  const events: Event[] = []
  await apply(changes, { nodes: wanted, actual, kinds, context: here, pace, emit: (event) => events.push(event) })
  return { changes, events, said: events.map(({ type, address }) => `${type} ${address}`) }
}

describe('apply', () => {
  test('converges, and a second run has nothing to do', async () => {
    const cloud = new Cloud()
    expect((await run(cloud)).said).toEqual(['started toy/root', 'done toy/root', 'started toy/leaf', 'done toy/leaf'])
    expect(cloud.things.get('leaf')?.upstreamId).toBe('id-root')
    const again = await run(cloud)
    expect(again.events).toEqual([])
    expect(cloud.log).toEqual(['put root', 'put leaf'])
  })

  test('never writes twice for the same state, however long reads lag', async () => {
    const cloud = new Cloud()
    cloud.lag = 4
    await run(cloud, nodes, {}, 3)
    expect(cloud.log).toEqual(['put root', 'put leaf'])
  })

  test('stops if every write is undone, even if each poll shows something new', async () => {
    let writes = 0
    const undone: Kind = {
      ...thing(new Cloud()),
      read: async () => ({ name: 'root', size: 0, writes, mark: 'toy' }),
      reconcile: async () => void writes++,
    }
    const wanted = [node('toy/root', { name: 'root', size: 1 })]
    const kinds = { thing: undone }
    const actual = await survey(wanted, kinds, context)
    const changes = plan(wanted, actual, kinds, { owner: 'toy' }, context.now)
    const outcomes = await apply(changes, { nodes: wanted, actual, kinds, context, pace, emit: () => {} })
    expect(outcomes.get('toy/root')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('After 8 writes it is still not as it should be: size') },
    })
    expect(writes).toBe(8)
  })

  test('continues with what is present, and puts it into use only once it has settled', async () => {
    const cloud = new Cloud()
    const began = async (putsIntoUse: boolean): Promise<readonly string[]> => {
      const root = thing(cloud, 5)
      const kinds: Kinds = { thing: root, leaf: { ...thing(cloud), ...(putsIntoUse && { putsIntoUse }) } }
      const wanted = nodes.map((one) => (one.address === 'toy/leaf' ? { ...one, kind: 'leaf' } : one))
      const changes = plan(wanted, new Map(), kinds, { owner: 'toy' }, context.now)
      const said: string[] = []
      await apply(changes, {
        nodes: wanted,
        actual: new Map(),
        kinds,
        context,
        pace,
        emit: (e) => said.push(`${e.type} ${e.address}`),
      })
      cloud.things.clear()
      return said
    }
    expect(await began(false)).toEqual(['started toy/root', 'started toy/leaf', 'done toy/leaf', 'done toy/root'])
    expect(await began(true)).toEqual(['started toy/root', 'done toy/root', 'started toy/leaf', 'done toy/leaf'])
  })

  test('does not put into use what was present and does not settle, nor what follows it', async () => {
    const cloud = new Cloud()
    const root = thing(cloud, 5)
    let looks = 0
    const flapping: Kind = {
      ...root,
      read: async (spec, run) => (looks++ % 3 === 2 ? undefined : root.read({ name: 'root', ...spec }, run)),
    }
    const kinds: Kinds = { root: flapping, thing: thing(cloud), use: { ...thing(cloud), putsIntoUse: true } }
    const wanted = [
      { ...node('toy/root', { name: 'root', size: 1 }), kind: 'root' },
      node('toy/between', { name: 'between', upstreamId: ref('toy/root', 'id') }),
      { ...node('toy/use', { name: 'use', upstreamId: ref('toy/between', 'id') }), kind: 'use' },
    ]
    const changes = plan(wanted, new Map(), kinds, { owner: 'toy' }, context.now)
    const events: Event[] = []
    const outcomes = await apply(changes, { nodes: wanted, actual: new Map(), kinds, context, pace, emit: (e) => events.push(e) })
    expect(events.filter(({ type }) => type !== 'note').map(({ type, address }) => `${type} ${address}`)).toEqual([
      'started toy/root',
      'started toy/between',
      'done toy/between',
      'failed toy/root',
      'skipped toy/use',
    ])
    expect(events.at(-1)).toMatchObject({ because: 'toy/root' })
    expect(outcomes.get('toy/between')).toEqual({ status: 'skipped', because: 'toy/root' })
    expect(cloud.log).not.toContain('put use')
  })

  test('polls again after a transient failure, and says so', async () => {
    const cloud = new Cloud()
    cloud.failing.set('root', { times: 3, retryable: true })
    const { said } = await run(cloud)
    expect(said.filter((one) => one === 'note toy/root')).toHaveLength(2)
    expect(cloud.log).toEqual(['put root', 'put leaf'])
  })

  test('stops at a permanent failure and skips what depends on it', async () => {
    const cloud = new Cloud()
    cloud.failing.set('root', { times: 99, retryable: false })
    const { said } = await run(cloud)
    expect(said).toEqual(['started toy/root', 'failed toy/root', 'skipped toy/leaf'])
    expect(cloud.log).toEqual([])
  })

  test('gives up and reports the remaining differences', async () => {
    const cloud = new Cloud()
    cloud.failing.set('root', { times: 99, retryable: true })
    const { events } = await run(cloud)
    const failed = events.find((event) => event.type === 'failed')
    expect(failed?.type === 'failed' && String(failed.error)).toContain('toy/root did not settle')
  })

  test('advises on a possible cause after a while, and again at the time limit', async () => {
    const cloud = new Cloud()
    cloud.things.set('root', { name: 'root', id: 'id-root', mark: 'toy' })
    const waiting: Difference = {
      field: 'test',
      why: 'it is being tested',
      pending: true,
      persists: async () => 'Look at the tester.',
    }
    const kind: Kind = { ...thing(cloud), diff: () => [waiting] }
    const events: Event[] = []
    const wanted = [node('toy/root', { name: 'root' })]
    const actual = await survey(wanted, { thing: kind }, context)
    const changes = plan(wanted, actual, { thing: kind }, { owner: 'toy' }, context.now)
    await apply(changes, { nodes: wanted, actual, kinds: { thing: kind }, context, pace, emit: (event) => events.push(event) })
    expect(events.map((event) => (event.type === 'note' ? event.message : event.type))).toEqual([
      'started',
      'it is being tested. Look at the tester.',
      'failed',
    ])
    expect(events.at(-1)).toMatchObject({
      error: { message: 'toy/root did not settle within 12 seconds: it is being tested', hint: 'Look at the tester.' },
    })
  })

  test('takes no manual action, and says what it is', async () => {
    const cloud = new Cloud()
    const { events } = await run(cloud, [
      node('toy/root', { name: 'root', consent: 'Ask Alice.' }),
      node('toy/other', { name: 'other' }),
    ])
    expect(events.find(({ type }) => type === 'skipped')).toEqual({
      type: 'skipped',
      address: 'toy/root',
      because: 'Ask Alice.',
      waiting: true,
    })
    expect(cloud.log).toEqual(['put other'])
  })

  test('starts nothing more after a stop signal', async () => {
    const cloud = new Cloud()
    const { said } = await run(cloud, nodes, {}, 1, AbortSignal.abort())
    expect(said).toEqual(['skipped toy/root', 'skipped toy/leaf'])
    expect(cloud.log).toEqual([])
  })

  test('removes downstream first; removing twice changes nothing', async () => {
    const cloud = new Cloud()
    await run(cloud)
    await run(cloud, nodes, { remove: true })
    expect(cloud.log.slice(2)).toEqual(['remove leaf', 'remove root'])
    expect((await run(cloud, nodes, { remove: true })).events).toEqual([])
  })

  test('retries a removal after a transient failure, and stops at a permanent one', async () => {
    const cloud = new Cloud()
    await run(cloud)
    cloud.failing.set('leaf', { times: 3, retryable: true })
    cloud.failing.set('root', { times: 1, retryable: false })
    const { said } = await run(cloud, nodes, { remove: true })
    expect(cloud.log.slice(2)).toEqual(['remove leaf'])
    expect(said).toEqual([
      'started toy/leaf',
      'note toy/leaf',
      'note toy/leaf',
      'done toy/leaf',
      'started toy/root',
      'failed toy/root',
    ])
  })
})

describe('survey', () => {
  test('names every place that could not be read', async () => {
    const kind = thing(new Cloud())
    const kinds = { thing: { ...kind, read: async () => Promise.reject(new Error('closed')) } }
    await expect(survey([node('toy/a', { name: 'a' }), node('toy/b', { name: 'b' })], kinds, context)).rejects.toThrow(
      'toy/a: closed\ntoy/b: closed',
    )
  })
})
