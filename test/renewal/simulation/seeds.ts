import { appendFileSync } from 'node:fs'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { type Scenario, scenario } from '../../support/scenarios.ts'
import { type Outcome, perform } from './perform.ts'
import { type Story, storyOf } from './schedule.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many to run, and which is the first: `npm run simulate -- --seeds 1000 --first 1`. */
    seeds?: number
    first?: number
    /** Where every outcome is noted, one JSON a line; with every request, if that is asked for. */
    outcomes?: string
    requests?: boolean
  }
}

/** In the long suites. */
const many = 200
const together = 10

const prepared = new Map<string, Promise<Scenario>>()

function scenarioOf({ name, variant }: Story): Promise<Scenario> {
  const key = JSON.stringify([name, variant])
  const found = prepared.get(key) ?? scenario(name, variant)
  prepared.set(key, found)
  return found
}

export const perSeed = async (seed: number): Promise<Outcome> => {
  const story = storyOf(seed)
  return perform(await scenarioOf(story), story)
}

function note(story: Story, { problems, met, log }: Outcome): void {
  const file = inject('outcomes')
  if (file === undefined) return
  const requests = inject('requests') ? { story, requests: log } : {}
  appendFileSync(file, `${JSON.stringify({ seed: story.seed, problems, met: [...met], asked: log.length, ...requests })}\n`)
}

/** Schedules by seed: of the chunks of ten that there are, those whose number leaves this rest. */
export function simulate({ rest, of, few = many }: { rest: number; of: number; few?: number }): void {
  const first = inject('first') ?? 1
  const seeds = Array.from({ length: inject('seeds') ?? few }, (_, index) => first + index)
  const chunks = Array.from({ length: Math.ceil(seeds.length / together) }, (_, chunk) =>
    seeds.slice(chunk * together, (chunk + 1) * together),
  ).filter((_, chunk) => chunk % of === rest)
  const done = { schedules: 0, requests: 0, broken: 0 }

  describe.runIf(chunks.length > 0)('everything that can go wrong, drawn by seed', () => {
    test.each(chunks.map((chunk) => [chunk[0], chunk.at(-1), chunk] as const))(
      'seeds %i to %i',
      async (_first, _last, chunk) => {
        const broken: object[] = []
        for (const seed of chunk) {
          const story = storyOf(seed)
          const outcome = await perSeed(seed)
          note(story, outcome)
          done.schedules += 1
          done.requests += outcome.log.length
          if (outcome.problems.length === 0) continue
          broken.push({ repeat: `npm run simulate -- --first ${seed} --seeds 1`, ...story, problems: outcome.problems })
        }
        done.broken += broken.length
        expect(broken).toEqual([])
      },
      1_200_000,
    )
    afterAll(() => {
      const { schedules, requests, broken } = done
      process.stdout.write(`${schedules} schedules with ${requests} requests, ${broken} in which a promise was broken\n`)
    })
  })
}
