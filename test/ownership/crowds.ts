import { appendFileSync } from 'node:fs'
import { describe, expect, inject, test } from 'vitest'
import { crowded } from './crowdedWorld.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the outcome of every crowded world is noted, one JSON a line. */
    crowds?: string
  }
}

const together = 10

/** Crowded worlds by seed: of the chunks of ten that there are, those whose number leaves this rest. */
export function crowds({ rest, of, few }: { rest: number; of: number; few: number }): void {
  const first = inject('first') ?? 1
  const seeds = Array.from({ length: inject('seeds') ?? few }, (_, index) => first + index)
  const chunks = Array.from({ length: Math.ceil(seeds.length / together) }, (_, chunk) =>
    seeds.slice(chunk * together, (chunk + 1) * together),
  ).filter((_, chunk) => chunk % of === rest)
  describe.runIf(chunks.length > 0)('in a world full of foreign objects, all of them stay as they were', () => {
    test.each(chunks.map((chunk) => [chunk[0], chunk.at(-1), chunk] as const))(
      'seeds %i to %i',
      async (_first, _last, chunk) => {
        const broken: object[] = []
        for (const seed of chunk) {
          const outcome = await crowded(seed)
          const file = inject('crowds')
          if (file !== undefined) appendFileSync(file, `${JSON.stringify(outcome)}\n`)
          if (outcome.problems.length > 0) broken.push({ repeat: `npm run simulate -- --first ${seed} --seeds 1`, ...outcome })
        }
        expect(broken).toEqual([])
      },
      180_000,
    )
  })
}
