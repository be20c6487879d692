import { describe, expect, test } from 'vitest'
import { readPlan } from '../../src/commands/planFile/read.ts'
import type { Change } from '../../src/core/plan.ts'
import { digest, planFile, StalePlan } from '../../src/core/planFile.ts'
import { Secret } from '../../src/core/secret.ts'

const change: Change = {
  address: 'toy/root',
  kind: 'thing',
  action: 'update',
  reason: 'expiring',
  differences: [{ field: 'expires', from: '2026-02-01', why: 'expires in 12 days' }],
  after: [],
}
const about = { hmaVersion: '1.2.3', createdAt: new Date('2026-01-01T00:00:00Z') }
const plan = planFile([{ name: 'toy', changes: [change] }], about)

describe('a plan file', () => {
  test('counts its actions, and is read back as it was', () => {
    expect(plan.summary).toEqual({ none: 0, create: 0, update: 1, adopt: 0, remove: 0, manual: 0 })
    expect(readPlan(JSON.stringify(plan), 'plan.json')).toEqual(plan)
  })

  test('has a digest of actions and values, not of prose, times or the order of keys', () => {
    const tomorrow = { ...change, differences: [{ why: 'expires in 11 days', from: '2026-02-01', field: 'expires' }] }
    expect(digest({ deployments: [{ name: 'toy', changes: [tomorrow] }] })).toBe(plan.digest)
    const other = { ...change, differences: [{ field: 'expires', from: '2026-02-02' }] }
    expect(digest({ deployments: [{ name: 'toy', changes: [other] }] })).not.toBe(plan.digest)
  })

  test('is refused if it was edited, has another version, or is not a plan', () => {
    const edited = { ...plan, deployments: [{ name: 'toy', changes: [{ ...change, action: 'remove' }] }] }
    expect(() => readPlan(JSON.stringify(edited), 'plan.json')).toThrow('was changed after it was saved')
    expect(() => readPlan(JSON.stringify({ ...plan, formatVersion: '2.0' }), 'plan.json')).toThrow('format version 2.0')
    expect(() => readPlan('{}', 'plan.json')).toThrow('is not a plan')
    expect(() => readPlan('nonsense', 'plan.json')).toThrow('is not JSON')
  })

  test('says what has changed', () => {
    expect(new StalePlan(plan, [{ name: 'toy', changes: [{ ...change, action: 'none' }] }]).message).toContain('toy/root')
  })
})

test('a secret is not printed by accident', async () => {
  const { inspect } = await import('node:util')
  const secret = new Secret('hunter2')
  const told = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }, { showHidden: true }),
    Object.keys(secret).join(),
  ]
  expect(told.join(' ')).not.toContain('hunter2')
  expect(secret.reveal()).toBe('hunter2')
})
