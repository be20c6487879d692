import type { ResourceManager, VaultId } from '../azure/resourceManager/port.ts'
import type { Difference, Run } from '../core/kind.ts'
import { ifReadable, unchecked } from '../observations/unchecked.ts'

/** There is no vault and none can be created. */
export type VaultObstacle = 'noGroup' | 'nameTaken'

/** What prevents a vault from being created, as far as can be seen; what cannot be checked becomes a remark. */
export async function obstacleTo(
  resourceManager: Pick<ResourceManager, 'groupExists' | 'isNameFree'>,
  tenantId: string,
  id: VaultId,
  run: Run,
): Promise<VaultObstacle | undefined> {
  const seen = (call: Promise<boolean>, what: string): Promise<boolean> =>
    ifReadable(call, (unread) => {
      run.remark(unchecked(what, unread, 'vault'))
      return true
    })
  const [groupExists, isNameFree] = await Promise.all([
    seen(resourceManager.groupExists(tenantId, id), `Whether the resource group ${id.resourceGroup} exists`),
    seen(resourceManager.isNameFree(tenantId, id), `Whether the vault name ${id.name} is free`),
  ])
  if (!groupExists) return 'noGroup'
  return isNameFree ? undefined : 'nameTaken'
}

/** A name just taken by hma itself looks taken by someone else until the vault is visible, so hma waits for it. */
export const creationBlocked = (obstacle: VaultObstacle, { name, resourceGroup }: VaultId): Difference[] => [
  {
    ...(obstacle === 'noGroup'
      ? {
          field: 'resourceGroup',
          from: null,
          why: `the resource group ${resourceGroup} does not exist`,
          manual: `Create the resource group: az group create --name ${resourceGroup} --location LOCATION. Or correct keyVault.resourceGroup.`,
        }
      : {
          field: 'name',
          from: name,
          why: `the vault name ${name} is already taken`,
          manual: `Choose another keyVault.name: vault names are unique across the whole cloud, including deleted vaults. If ${name} is yours, correct keyVault.subscriptionId and keyVault.resourceGroup.`,
        }),
  },
  { field: 'exists', from: false, to: true, pending: true },
]
