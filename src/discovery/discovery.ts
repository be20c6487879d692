import type { Dataverse } from '../azure/dataverse/port.ts'
import type { Application, AppRoleAssignment, Directory, ServicePrincipal } from '../azure/directory/port.ts'
import type { KeyVault, VaultCertificate } from '../azure/keyVault/port.ts'
import type { ResourceManager, RoleAssignment, Vault, VaultId } from '../azure/resourceManager/port.ts'
import type { Search } from '../azure/search/port.ts'
import type { ReadResult } from './readResult.ts'
import type { Rows } from './rows.ts'

/** What a discovery reads with. */
export interface Ports {
  readonly search: Search
  readonly dataverse: Pick<Dataverse, 'identity' | 'reference'>
  readonly directory: Pick<Directory, 'application' | 'servicePrincipal' | 'appRoleAssignments'>
  readonly keyVault: Pick<KeyVault, 'certificate'>
  readonly resourceManager: Pick<ResourceManager, 'vault' | 'roleAssignments'>
}

export interface FoundVault {
  /** As in the profile, without a trailing slash. */
  readonly uri: ReadResult<string>
  readonly name: ReadResult<string>
  readonly tenantId: ReadResult<string>
  readonly place: ReadResult<VaultId>
  readonly settings: ReadResult<Vault>
}

/** A registration that the profile names, and what its tenant knows about it. */
export interface FoundApplication {
  readonly tenantId: ReadResult<string>
  readonly appId: ReadResult<string>
  readonly application: ReadResult<Application | undefined>
  readonly principal: ReadResult<ServicePrincipal | undefined>
}

export interface FoundKeyVaultApp extends FoundApplication {
  /** Its role assignments at and above the vault; not read if the vault has access policies. */
  readonly roles: ReadResult<readonly RoleAssignment[]>
}

export interface FoundHmaApp extends FoundApplication {
  /** What was consented to. */
  readonly consents: ReadResult<readonly AppRoleAssignment[]>
  /** Office 365 Exchange Online in its tenant. */
  readonly exchange: ReadResult<ServicePrincipal | undefined>
}

/** Everything that belongs to one email server profile, as far as the signed-in identity may see it. */
export interface Discovery {
  readonly environmentUrl: string
  /** The tenant of Dynamics. */
  readonly tenantId: string
  /** Other profiles of the environment use Hybrid Modern Authentication too. */
  readonly hasSiblings: boolean
  readonly rows: Rows
  readonly mailboxes: ReadResult<readonly string[]>
  readonly vault: FoundVault
  readonly certificateName: ReadResult<string>
  readonly certificate: ReadResult<VaultCertificate | undefined>
  readonly keyVaultApp: FoundKeyVaultApp
  readonly hmaApp: FoundHmaApp
}
