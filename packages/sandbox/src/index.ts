// @peculiar/x509 needs it before it loads; in a bundle, only the first import decides the order.
import 'reflect-metadata'

/** What the sandbox offers to other programs. */
export type { Principal, Seed, World } from './azure.ts'
export type { Copy } from './copied/copy.ts'
export { CopyFault } from './copied/fault.ts'
export type { StandIn } from './copied/vaultContents.ts'
export { faultsBySeed } from './faults/bySeed.ts'
export { truststore, truststorePassword } from './front/truststore.ts'
export { type CheckResult, type Sandbox, type Start, start } from './sandbox.ts'
export { advanceStored, forgetStored, type Running, running } from './stored.ts'
