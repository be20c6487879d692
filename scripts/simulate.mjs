// More of test/renewal/seeds.test.ts: `npm run simulate -- --seeds 1000`, `npm run simulate -- --first 4711 --seeds 1`.
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, first: { type: 'string', default: '1' } } })
const provide = { seeds: Number(values.seeds), first: Number(values.first) }
if (!Object.values(provide).every((one) => Number.isSafeInteger(one) && one > 0))
  throw new Error('--seeds and --first are whole numbers from 1.')
const vitest = await startVitest('test', ['test/renewal/seeds.test.ts'], { run: true, watch: false, provide })
await vitest.close()
