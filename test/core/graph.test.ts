import { describe, expect, test } from 'vitest'
import { graph, order, ref, reverse, walk } from '../../src/core/graph.ts'
import { node } from '../support/mapCloud.ts'

const edges = (map: Record<string, string[]>) => new Map(Object.entries(map).map(([name, before]) => [name, new Set(before)]))

describe('a graph', () => {
  test('is read from references and from `after`', () => {
    const read = graph([
      node('leaf', { name: 'leaf', upstreamId: ref('root', 'id') }, { after: ['other'] }),
      node('root', { name: 'root' }),
      node('other', { name: 'o' }),
    ])
    expect(read.get('leaf')).toEqual(new Set(['root', 'other']))
    expect(order(read)).toEqual(['root', 'other', 'leaf'])
    expect(reverse(read).get('root')).toEqual(new Set(['leaf']))
  })

  test('reports a cycle and a dangling reference', () => {
    expect(() => order(edges({ a: ['b'], b: ['c'], c: ['a'] }))).toThrow('a → b → c → a')
    expect(() => graph([node('a', { x: ref('nowhere', 'id') })])).toThrow('a refers to nowhere')
  })
})

describe('a walk', () => {
  test('visits independent nodes in parallel, and each after its dependencies', async () => {
    const log: string[] = []
    let here = 0
    let release = (): void => {}
    const both = new Promise<void>((resolve) => {
      release = resolve
    })
    const visit = async (address: string): Promise<void> => {
      if (address !== 'last') {
        here++
        if (here === 2) release()
        await both
      }
      log.push(address)
    }
    await walk(edges({ one: [], two: [], last: ['one', 'two'] }), visit)
    expect(log.at(-1)).toBe('last')
    expect(log).toHaveLength(3)
  })

  test('skips only what depends on a failure, and names the failure', async () => {
    const skipped: string[] = []
    const outcomes = await walk(
      edges({ bad: [], next: ['bad'], far: ['next'], good: [] }),
      async (address) => {
        if (address === 'bad') throw new Error('no')
        return address
      },
      (address, because) => skipped.push(`${address} because of ${because}`),
    )
    expect(skipped).toEqual(['next because of bad', 'far because of bad'])
    expect(outcomes.get('good')).toEqual({ status: 'done', value: 'good' })
    expect(outcomes.get('far')).toEqual({ status: 'skipped', because: 'bad' })
  })
})
