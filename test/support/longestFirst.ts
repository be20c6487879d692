import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes a minute or more. Begun last, it would run on alone when everything else is done. */
const long = [
  ...[
    'long/kills',
    'long/seedsEven',
    'long/seedsOdd',
    'long/years',
    'long/shards',
    'long/story',
    'security/secrets',
    'renewal/year',
  ],
  ...['commands/interrupt', 'resources/procedure', 'renewal/mishaps', 'gitops/action'],
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
