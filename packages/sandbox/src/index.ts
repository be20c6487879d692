/** What other programs may use of the sandbox. */
export type { Seed } from './azure.ts'
export { type Sandbox, type Start, start } from './sandbox.ts'
export { advanceStored, forgetStored } from './stored.ts'
