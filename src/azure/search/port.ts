import type { Organization, ProfileRow } from '../dataverse/port.ts'
import type { VaultId } from '../resourceManager/port.ts'

/** Where a vault of some name is, as far as the signed-in identity sees. */
export interface VaultSearch {
  /** The subscriptions that were looked through. */
  readonly subscriptions: readonly string[]
  readonly found: readonly VaultId[]
}

/** What can be found with nothing but the address of an environment or of a vault. Reads only. */
export interface Landscape {
  /** The tenant that an environment names to who asks without a token. */
  tenantOfEnvironment(environmentUrl: string): Promise<string>
  /** The tenant that a vault names to who asks without a token. */
  tenantOfVault(vaultUri: string): Promise<string>
  /** The tenant that has this domain, or nothing where no tenant has it, or where none can be asked. */
  tenantOfDomain(domain: string): Promise<string | undefined>
  /** Every email server profile of an environment, of whatever sort. The rows that it points to are left alone. */
  profiles(organization: Organization): Promise<readonly ProfileRow[]>
  /** The key vault reference in which the secret of a managed identity is, where it has one. */
  referenceOfIdentity(organization: Organization, identityId: string): Promise<string | undefined>
  /** Addresses of the mailboxes that are on a profile. */
  mailboxesOn(organization: Organization, profileId: string): Promise<readonly string[]>
  /** Vaults of that name in every subscription of the tenant that the signed-in identity sees: one at most in a cloud. */
  vaultsNamed(tenantId: string, name: string): Promise<VaultSearch>
}
