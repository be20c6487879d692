import { defineConfig, mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** The whole run, or the part of it that is named, with everything recorded that goes over the wire, and judged in the end. */
export default mergeConfig(
  config,
  defineConfig({ test: { globalSetup: ['test/contract/run.ts'], setupFiles: ['test/contract/setup.ts'] } }),
)
