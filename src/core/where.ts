/** Where a deployment is. Shown first, so that a sandbox is not mistaken for Azure, or one tenant for another. */
export interface Where {
  readonly sandbox: boolean
  /** `public`, or the name of another cloud. */
  readonly cloud: string
  readonly vault: string
  /** Ids: that of the vault, then those of HMA-App and Dynamics where they are others. */
  readonly tenants: readonly string[]
  /** The host of the Dynamics environment. */
  readonly environment?: string
}
