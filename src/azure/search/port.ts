import type { Organization, ProfileRow } from '../dataverse/port.ts'
import type { VaultId } from '../resourceManager/port.ts'

/** Where a vault of this name is, as far as the signed-in identity can see. */
export interface VaultSearch {
  /** The subscriptions that were searched. */
  readonly subscriptions: readonly string[]
  readonly found: readonly VaultId[]
}

/** What can be found from just the address of an environment or a vault. Reads only. */
export interface Search {
  /** The tenant that an environment names in its answer to an unsigned request. */
  tenantOfEnvironment(environmentUrl: string): Promise<string>
  /** The tenant that a vault names in its answer to an unsigned request. */
  tenantOfVault(vaultUri: string): Promise<string>
  /** The tenant with this domain; undefined if there is none, or it cannot be looked up. */
  tenantOfDomain(domain: string): Promise<string | undefined>
  /** Every email server profile of an environment, of any type, without the rows it points to. */
  profiles(organization: Organization): Promise<readonly ProfileRow[]>
  /** The key vault reference that holds the secret of a managed identity, if it has one. */
  referenceOfIdentity(organization: Organization, identityId: string): Promise<string | undefined>
  /** Addresses of the mailboxes on a profile. */
  mailboxesOn(organization: Organization, profileId: string): Promise<readonly string[]>
  /** Vaults of that name in the tenant's subscriptions that the signed-in identity can see: at most one per cloud. */
  vaultsNamed(tenantId: string, name: string): Promise<VaultSearch>
}
