import { describe, expect, test } from 'vitest'
import { ref } from '../../src/core/graph.ts'
import type { Node, Values } from '../../src/core/kind.ts'
import { blocks, type Change, feasible, type Intent, plan } from '../../src/core/plan.ts'
import { Secret } from '../../src/core/secret.ts'
import { Cloud, context, node, thing } from '../support/mapCloud.ts'

const kinds = { thing: thing(new Cloud()) }
const nodes = [node('toy/leaf', { name: 'leaf', upstreamId: ref('toy/root', 'id') }), node('toy/root', { name: 'root', size: 1 })]
const live = (name: string, more: Values = {}): Values => ({ name, id: `id-${name}`, mark: 'toy', ...more })

const planned = (
  actual: Record<string, Values>,
  intent: Partial<Intent> = {},
  wanted: readonly Node[] = nodes,
): readonly Change[] => plan(wanted, new Map(Object.entries(actual)), kinds, { owner: 'toy', ...intent }, context.now)

const actions = (changes: readonly Change[]) => changes.map(({ address, action, reason }) => [address, action, reason])

describe('a plan', () => {
  test('creates what is missing, upstream first, and shows a later value as a reference', () => {
    const changes = planned({})
    expect(actions(changes)).toEqual([
      ['toy/root', 'create', 'missing'],
      ['toy/leaf', 'create', 'missing'],
    ])
    expect(changes[1]?.after).toEqual(['toy/root'])
    expect(changes[1]?.differences).toContainEqual({ field: 'upstreamId', to: { $ref: 'toy/root', field: 'id' } })
  })

  test('is empty if everything is as desired', () => {
    const changes = planned({ 'toy/root': live('root', { size: 1 }), 'toy/leaf': live('leaf', { upstreamId: 'id-root' }) })
    expect(actions(changes)).toEqual([
      ['toy/root', 'none', undefined],
      ['toy/leaf', 'none', undefined],
    ])
  })

  test('does not count on a value that an upstream change may alter, but does on a stable one', () => {
    const bySize = [
      node('toy/leaf', { name: 'leaf', size: ref('toy/root', 'size') }),
      node('toy/root', { name: 'root', size: 2 }),
    ]
    const actual = { 'toy/root': live('root', { size: 1 }), 'toy/leaf': live('leaf', { size: 1, upstreamId: 'id-root' }) }
    expect(actions(planned(actual, {}, bySize))).toEqual([
      ['toy/root', 'update', 'differs'],
      ['toy/leaf', 'update', 'differs'],
    ])
    expect(actions(planned(actual))).toEqual([
      ['toy/root', 'none', undefined],
      ['toy/leaf', 'none', undefined],
    ])
  })

  test('is blocked by an unmarked object until it is adopted', () => {
    const actual = { 'toy/root': { name: 'root', id: 'id-root', size: 1 } }
    const [root] = planned(actual)
    expect(root).toMatchObject({ action: 'manual', reason: 'unmarked' })
    expect(root?.instructions).toContain('hma adopt toy/root')
    expect(root && blocks(root)).toBe(true)
    expect(planned(actual, { adopt: ['toy/root'] })[0]).toMatchObject({ action: 'adopt', reason: 'unmarked' })
    const named = [node('toy/root', { name: 'root', size: 1 }, { takeOver: true })]
    expect(planned(actual, {}, named)[0]?.action).toBe('adopt')
  })

  test('names the obstacles to adopting it, if there are any', () => {
    const manual = 'Say which one is meant.'
    const twofold = { thing: { ...thing(new Cloud()), diff: () => [{ field: 'id', manual }] } }
    const of = (live: Values, intent: Partial<Intent> = {}): Change | undefined =>
      plan(
        [node('toy/root', { name: 'root' })],
        new Map([['toy/root', live]]),
        twofold,
        { owner: 'toy', ...intent },
        context.now,
      )[0]
    const blocked = { action: 'manual', reason: 'unmarked', instructions: manual }
    expect(of({ name: 'root', id: '1, 2' })).toMatchObject(blocked)
    expect(of({ name: 'root', id: '1, 2' }, { adopt: 'all' })).toMatchObject(blocked)
    expect(of({ name: 'root', id: '1', mark: 'other' })?.instructions).toContain('"other"')
  })

  test("never takes over another deployment's object", () => {
    const [root] = planned({ 'toy/root': live('root', { size: 1, mark: 'other' }) }, { adopt: 'all' })
    expect(root).toMatchObject({ action: 'manual', reason: 'unmarked' })
    expect(root?.instructions).toContain('"other"')
  })

  test('needs manual action without blocking the rest', () => {
    const [root] = planned({}, {}, [node('toy/root', { name: 'root', consent: 'Ask Alice.' })])
    expect(root).toMatchObject({ action: 'manual', reason: 'waiting', instructions: 'Ask Alice.' })
    expect(root && blocks(root)).toBe(false)
  })

  test('removes downstream first, and only what carries the mark', () => {
    const actual = { 'toy/root': live('root'), 'toy/leaf': { name: 'leaf', id: 'x' } }
    expect(actions(planned(actual, { remove: true }))).toEqual([
      ['toy/leaf', 'none', undefined],
      ['toy/root', 'remove', 'requested'],
    ])
    expect(planned({ 'toy/root': live('root', { deleted: true }) }, { remove: true })[1]?.action).toBe('none')
  })

  test('blocks removals with safety.preventRemoval', () => {
    const [, root] = planned({ 'toy/root': live('root') }, { remove: true, preventRemoval: true })
    expect(root).toMatchObject({ action: 'manual', reason: 'requested' })
    expect(root?.instructions).toContain('preventRemoval')
  })
})

test('a secret in the specification is not part of the plan', () => {
  const [change] = planned({}, {}, [node('toy/root', { name: 'root', password: new Secret('hidden') })])
  expect(change?.differences.map(({ field }) => field)).toEqual(['name'])
})

describe('the feasible changes', () => {
  const change = (
    address: string,
    action: Change['action'],
    after: readonly string[] = [],
    reason: Change['reason'] = 'waiting',
  ) => ({ address, kind: 'thing', action, reason, differences: [], after }) satisfies Change

  test('exclude manual actions and everything that depends on them', () => {
    const changes = [
      change('toy/root', 'create'),
      change('toy/person', 'manual'),
      change('toy/idle', 'none', ['toy/person']),
      change('toy/leaf', 'create', ['toy/idle']),
      change('toy/beside', 'update', ['toy/root']),
    ]
    expect(feasible(changes).map(({ address }) => address)).toEqual(['toy/root', 'toy/beside'])
  })

  test('are empty if manual action is required first', () => {
    expect(feasible([change('toy/root', 'create'), change('toy/strange', 'manual', [], 'unmarked')])).toEqual([])
  })
})
