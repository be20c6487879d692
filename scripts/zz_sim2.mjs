import { startVitest } from 'vitest/node'
const [first, seeds, file] = process.argv.slice(2)
const v = await startVitest('test', [file ?? 'test/renewal/seeds.test.ts'], { run: true, watch: false, provide: { seeds: Number(seeds), first: Number(first), outcomes: '/tmp/outcomes2.jsonl' }, reporters: ['dot'] })
await v.close()
