import type { Landscape } from './landscape.ts'
import { landscapeProfiles } from './landscapeProfiles.ts'
import { landscapeTenants } from './landscapeTenants.ts'
import { landscapeVaults } from './landscapeVaults.ts'
import type { VaultParts } from './vaultConnection.ts'

/** Nobody is asked until the first call. */
export const landscapeClient = (parts: Omit<VaultParts, 'tenantOf'>): Landscape => ({
  ...landscapeProfiles(parts.transport, parts.credentials),
  ...landscapeTenants(parts.transport, parts.cloud),
  ...landscapeVaults(parts),
})
