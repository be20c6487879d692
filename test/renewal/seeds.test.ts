import { appendFileSync } from 'node:fs'
import { describe, expect, inject, test } from 'vitest'
import type { Scenario } from '../support/scenarios.ts'
import { scenario } from '../support/scenarios.ts'
import { perform } from './simulation/perform.ts'
import { type Story, storyOf } from './simulation/schedule.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many to run, and which is the first: `npm run simulate -- --seeds 1000 --first 1`. */
    seeds?: number
    first?: number
    /** Where every outcome is noted, one JSON a line. */
    outcomes?: string
  }
}

const prepared = new Map<string, Promise<Scenario>>()
function scenarioOf({ name, variant }: Story): Promise<Scenario> {
  const key = JSON.stringify([name, variant])
  const found = prepared.get(key) ?? scenario(name, variant)
  prepared.set(key, found)
  return found
}

const first = inject('first') ?? 1
const seeds = Array.from({ length: inject('seeds') ?? 70 }, (_, index) => first + index)
const file = inject('outcomes')

describe('everything that can go wrong, drawn by seed', () => {
  test.each(seeds)('seed %i', async (seed) => {
    const story = storyOf(seed)
    const { problems, met, log } = await perform(await scenarioOf(story), story)
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ seed, problems, met: [...met], requests: log.length })}\n`)
    const again = `npm run simulate -- --first ${seed} --seeds 1`
    expect({ again, ...story, problems }).toEqual({ again, ...story, problems: [] })
  })
})
