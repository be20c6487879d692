import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shardOf } from '../../src/config/rendezvous.ts'
import { readShard } from '../../src/config/shard.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/)

describe('the shard of a deployment', () => {
  test('exists, and is always the same', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 50 }), (one, of) => {
        const index = shardOf(one, of)
        expect(index).toBeGreaterThanOrEqual(0)
        expect(index).toBeLessThan(of)
        expect(shardOf(one, of)).toBe(index)
      }),
    )
  })

  test('stays the same or becomes the new shard when a shard is added', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 50 }), (one, of) => {
        expect([shardOf(one, of), of]).toContain(shardOf(one, of + 1))
      }),
    )
  })

  test('has its share of a thousand deployments', () => {
    const sizes = Array.from({ length: 8 }, () => 0)
    for (let number = 0; number < 1000; number++) {
      const index = shardOf(`fleet-${number}`, 8)
      sizes[index] = (sizes[index] ?? 0) + 1
    }
    expect(Math.min(...sizes)).toBeGreaterThan(90)
    expect(Math.max(...sizes)).toBeLessThan(160)
  })
})

test('a shard is given by its index, from 0, and the number of shards', () => {
  expect(readShard('0/1')).toEqual({ index: 0, of: 1 })
  expect(readShard('7/8')).toEqual({ index: 7, of: 8 })
  for (const text of ['8/8', '1', '/8', '1/', '-1/8', '1/0', '0/0', '1.0/8', '1/8/9', 'a/b', ''])
    expect(readShard(text)).toBeUndefined()
})
