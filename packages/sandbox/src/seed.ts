/** What the configuration presupposes, in the sandbox's terms. URLs and hosts are those that clients will use. */
export interface Seed {
  readonly hosts: {
    /** Host, and port if any, of each endpoint of the cloud. */
    readonly login: string
    readonly management: string
    readonly graph: string
    readonly vaultSuffix: string
  }
  readonly deployments: readonly {
    readonly name: string
    readonly vault: {
      readonly tenantId: string
      readonly subscriptionId: string
      readonly resourceGroup: string
      readonly name: string
      /** False if hma creates the vault itself. */
      readonly exists: boolean
    }
    readonly exchange: {
      readonly tenantId: string
      readonly ewsUrl: string
      readonly resourceId: string
      readonly testMailbox?: string
      /** False if hma registers the server's name in the tenant itself; otherwise it already exists. */
      readonly named?: boolean
    }
    readonly dynamics?: {
      readonly tenantId: string
      readonly environmentUrl: string
      readonly mailboxes: readonly string[]
      /** The organization's id; if left out, any. */
      readonly organizationId?: string
    }
    /** Registrations that the configuration takes over by their appId. */
    readonly registrations: readonly { readonly tenantId: string; readonly appId: string; readonly displayName: string }[]
  }[]
}

/** A principal that programs sign in with: each tenant has one with every right and one that may only read. */
export interface Principal {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly rights: 'owner' | 'reader'
}

/** A principal as the services grant rights to it. */
export interface SeededPrincipal {
  readonly tenantId: string
  readonly clientId: string
  /** Object id of its service principal. */
  readonly objectId: string
  readonly rights: 'owner' | 'reader'
}
