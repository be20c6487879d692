import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The slowest files start first: started last, one would run on alone after all others. */
const long = [
  ...['long/kills', 'long/seedsEven', 'long/seedsOdd', 'long/years', 'long/shards', 'long/story', 'security/secrets.long'],
  ...['renewal/year.long', 'docs/commands.long', 'gitops/action.long', 'commands/examples.long', 'renewal/regressions.long'],
  ...['commands/interrupt', 'ownership/faults', 'resources/procedure', 'commands/rehearse', 'resources/import'],
  ...['discovery/findings', 'commands/doctor', 'commands/import'],
]

const rank = ({ moduleId }: TestSpecification): number => {
  const found = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
  return found === -1 ? long.length : found
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
