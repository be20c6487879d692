import type { VaultParts } from '../keyVault/connection.ts'
import type { Landscape } from './port.ts'
import { landscapeProfiles } from './profiles.ts'
import { landscapeTenants } from './tenants.ts'
import { landscapeVaults } from './vaults.ts'

/** Nobody is asked until the first call. */
export const landscapeClient = (parts: Omit<VaultParts, 'tenantOf'>): Landscape => ({
  ...landscapeProfiles(parts.transport, parts.credentials),
  ...landscapeTenants(parts.transport, parts.cloud),
  ...landscapeVaults(parts),
})
