import type { Configuration } from '../config/schema.ts'
import type { Where } from '../core/where.ts'

/** The cloud, vault, tenants and environment that a configuration refers to. */
export function whereOf({ cloud, keyVault, hmaApp, dynamics }: Configuration, sandbox: boolean): Where {
  const tenants = [keyVault.tenantId, hmaApp.tenantId, ...(dynamics ? [dynamics.tenantId] : [])]
  return {
    sandbox,
    cloud: typeof cloud === 'string' ? cloud : cloud.name,
    vault: keyVault.name,
    tenants: [...new Set(tenants.map((tenant) => tenant.toLowerCase()))],
    ...(dynamics && { environment: new URL(dynamics.environmentUrl).host }),
  }
}
