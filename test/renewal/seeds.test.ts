import { describe, expect, inject, test } from 'vitest'
import { seededRandom } from '../../src/sandbox/random.ts'
import type { Variant } from '../support/deployment.ts'
import { type Name, names, type Scenario, scenario } from '../support/scenarios.ts'
import { type Mishap, survive } from '../support/survival.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many to run, and which is the first: `npm run simulate -- --seeds 1000 --first 1`. */
    seeds?: number
    first?: number
  }
}

const variants: readonly Variant[] = [{ create: 'accessPolicy', copy: true }, { tenants: 1 }, { dynamics: false, create: false }]

const hour = 3_600_000

/** What a seed stands for. Whoever knows the seed can run it again. */
function story(seed: number) {
  const random = seededRandom(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const of = <Item>(items: readonly Item[], otherwise: Item): Item => items[below(items.length)] ?? otherwise
  const name: Name = of(names, 'first apply')
  const mishap = (): Mishap => ({
    write: below(name === 'first apply' ? 16 : 4),
    what: of(['killed before', 'killed after', 'answer lost'] as const, 'killed after'),
    pause: of([0, 0, hour, 24 * hour, 8 * 24 * hour], 0),
  })
  return {
    name,
    variant: below(variants.length),
    replicationLag: of([0, 0, 40], 0),
    mishaps: Array.from({ length: 1 + below(3) }, mishap),
  }
}

const prepared = new Map<string, Promise<Scenario>>()
function scenarioOf(name: Name, variant: number): Promise<Scenario> {
  const key = `${name} ${variant}`
  const found = prepared.get(key) ?? scenario(name, variants[variant] ?? {})
  prepared.set(key, found)
  return found
}

const first = inject('first') ?? 1
const seeds = Array.from({ length: inject('seeds') ?? 100 }, (_, index) => first + index)

describe('several accidents one after the other, by seed', () => {
  test.concurrent.each(seeds)(
    'seed %i',
    async (seed) => {
      const { name, variant, replicationLag, mishaps } = story(seed)
      const problems = await survive(await scenarioOf(name, variant), mishaps, { replicationLag })
      expect({ seed, name, variant, replicationLag, mishaps, problems }).toEqual({
        seed,
        name,
        variant,
        replicationLag,
        mishaps,
        problems: [],
      })
    },
    120_000,
  )
})
