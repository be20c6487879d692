import { defineConfig, mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** The suites that repeat: every kill point, many seeds, years, a large fleet. */
export default defineConfig(() => {
  const merged = mergeConfig(config, {})
  return {
    ...merged,
    test: { ...merged.test, include: ['test/long/**/*.test.ts', '**/*.long.test.ts'], exclude: ['**/node_modules/**'] },
  }
})
