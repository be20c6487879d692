import type { VaultParts } from '../keyVault/connection.ts'
import type { Search } from './port.ts'
import { searchProfiles } from './profiles.ts'
import { searchTenants } from './tenants.ts'
import { searchVaults } from './vaults.ts'

/** No request is sent until the first call. */
export const searchClient = (parts: Omit<VaultParts, 'tenantOf'>): Search => ({
  ...searchProfiles(parts.transport, parts.credentials),
  ...searchTenants(parts.transport, parts.cloud),
  ...searchVaults(parts),
})
