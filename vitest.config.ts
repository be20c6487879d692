import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longestFirst.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    exclude: ['test/long/**', '**/*.long.test.ts', '**/node_modules/**'],
    // A test waits as long as it computes: for keys, for processes that it starts, for the next look at a service.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Loading the modules takes a quarter of the time of most files. So tests share them: none may change one, and what one test
    // makes a secret stays masked in those that follow.
    isolate: false,
    // A loaded machine can be too slow for one attempt; a fault fails every one.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default', './test/support/tally.ts'],
    coverage: { provider: 'v8', include: ['src/**/*.ts', 'packages/*/src/**/*.ts'], reporter: ['text-summary'] },
  },
})
