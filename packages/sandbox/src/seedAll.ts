import type { Azure, Seed, SeededPrincipal } from './azure.ts'
import { seed as seedDataverse } from './dataverse/seed.ts'
import { seed as seedDirectory } from './directory/seed.ts'
import { seed as seedExchange } from './exchange/seed.ts'
import { seed as seedKeyVault } from './keyVault/seed.ts'
import { seed as seedResources } from './resourceManager/seed.ts'

/** Puts what the deployments presuppose into the world. What was seeded before stays as it is now. */
export function seedAll(azure: Azure, seed: Seed): readonly SeededPrincipal[] {
  const principals = seedDirectory(azure, seed)
  for (const put of [seedResources, seedKeyVault, seedDataverse, seedExchange]) put(azure, seed, principals)
  return principals
}

/** The seed with every GUID in lower case, as the services write them. */
export const normalSeed = (seed: Seed): Seed => ({
  ...seed,
  deployments: seed.deployments.map((deployment) => ({
    ...deployment,
    vault: {
      ...deployment.vault,
      tenantId: deployment.vault.tenantId.toLowerCase(),
      subscriptionId: deployment.vault.subscriptionId.toLowerCase(),
    },
    exchange: { ...deployment.exchange, tenantId: deployment.exchange.tenantId.toLowerCase() },
    ...(deployment.dynamics && {
      dynamics: { ...deployment.dynamics, tenantId: deployment.dynamics.tenantId.toLowerCase() },
    }),
    registrations: deployment.registrations.map((one) => ({
      ...one,
      tenantId: one.tenantId.toLowerCase(),
      appId: one.appId.toLowerCase(),
    })),
  })),
})
