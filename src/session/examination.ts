import type { ProxySettings } from '../azure/http/connect/proxy.ts'
import type { ConfigurationInvalid } from '../config/diagnostic.ts'
import type { Remark } from '../core/remark.ts'
import type { TenantFound } from './examine.ts'
import type { HostFound } from './examineHosts.ts'

/** What `hma doctor` examines, and how. */
export interface Examination {
  readonly version: string
  readonly sandbox: boolean
  readonly proxy: ProxySettings | undefined
  /** The deployments that can be used. */
  readonly deployments: readonly string[]
  /** What is wrong with the configuration. */
  readonly invalid?: ConfigurationInvalid
  tenants(): Promise<readonly TenantFound[]>
  hosts(): Promise<readonly HostFound[]>
  /** What the evidence from Exchange says. */
  evidence(): Promise<readonly Remark[]>
  /** How far the machine's clock is ahead of the services', in milliseconds, once known. */
  skew(): number
  close(): Promise<void>
}
