/** What other programs may use of the sandbox. */
export type { Principal, Seed } from './azure.ts'
export { type Sandbox, type Start, start } from './sandbox.ts'
export { advanceStored, forgetStored, type Running, running } from './stored.ts'
export { truststore, truststorePassword } from './truststore.ts'
