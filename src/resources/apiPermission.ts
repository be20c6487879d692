import type { Directory, RequiredPermission } from '../azure/directory/port.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind } from '../core/kind.ts'
import type { Registration } from './registered.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = Registration & {
  readonly objectId: string
  readonly resourceAppId: string
  readonly roleId: string
}

export type Live = { readonly permissions: readonly RequiredPermission[] }

/** What the registration asks for. The grant is another thing: `adminConsent`. */
export const apiPermission = (
  directory: Directory,
  sight: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'uniqueName' | 'resourceAppId' | 'roleId'> => ({
  identity: ['tenantId', 'uniqueName', 'resourceAppId', 'roleId'],
  confirmations: 5,

  async read({ tenantId, uniqueName, appId, ...permission }, run) {
    const found = await sight.application({ tenantId, uniqueName, ...(appId && { appId }) }, run)
    const permissions = found?.requiredPermissions ?? []
    return permissions.some((one) => same(one, permission)) ? { permissions } : undefined
  },

  diff: () => [],

  async reconcile({ tenantId, uniqueName, appId, objectId, resourceAppId, roleId }, _live, run) {
    const found = await sight.application({ tenantId, uniqueName, ...(appId && { appId }) }, run)
    if (!found) throw new HmaError('HMA506', 'The registration is not to be seen yet', { retryable: true })
    const requiredPermissions: RequiredPermission[] = [...found.requiredPermissions, { resourceAppId, roleId, type: 'Role' }]
    await directory.updateApplication(tenantId, objectId, { requiredPermissions })
  },
})

const same = (one: RequiredPermission, other: { resourceAppId: string; roleId: string }): boolean =>
  one.type === 'Role' && one.resourceAppId === other.resourceAppId && one.roleId === other.roleId
