/** Where a deployment is. Shown first, so that no one mistakes the sandbox for Azure, or one tenant for another. */
export interface Where {
  readonly sandbox: boolean
  /** `public`, or the name of another cloud. */
  readonly cloud: string
  readonly vault: string
  /** Tenant ids: the vault's, then those of HMA-App and Dynamics if different. */
  readonly tenants: readonly string[]
  /** The host of the Dynamics environment. */
  readonly environment?: string
}
