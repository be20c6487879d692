import type { Directory, RequiredPermission } from '../azure/directory/port.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind } from '../core/kind.ts'
import type { Registration } from './registered.ts'
import { roleIn } from './role.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = Registration & {
  readonly objectId: string
  readonly resourceAppId: string
  /** `full_access_as_app`; its id as Microsoft documents it, for where the API does not list the role. */
  readonly role: string
  readonly roleId: string
}

export type Live = { readonly permissions: readonly RequiredPermission[] }

/** What the registration asks for. The grant is another thing: `adminConsent`. */
export const apiPermission = (
  directory: Directory,
  sight: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'uniqueName' | 'resourceAppId' | 'role' | 'roleId'> => ({
  identity: ['tenantId', 'uniqueName', 'resourceAppId', 'role', 'roleId'],
  confirmations: 5,

  async read({ tenantId, uniqueName, appId, resourceAppId, ...wanted }, run) {
    const [found, resource] = await Promise.all([
      sight.application({ tenantId, uniqueName, ...(appId && { appId }) }, run),
      sight.servicePrincipal(tenantId, resourceAppId, run),
    ])
    const permissions = found?.requiredPermissions ?? []
    const permission = { resourceAppId, roleId: roleIn(resource, wanted).id }
    return permissions.some((one) => same(one, permission)) ? { permissions } : undefined
  },

  diff: () => [],

  async reconcile({ tenantId, uniqueName, appId, objectId, resourceAppId, ...wanted }, _live, run) {
    const [found, resource] = await Promise.all([
      sight.application({ tenantId, uniqueName, ...(appId && { appId }) }, run),
      sight.servicePrincipal(tenantId, resourceAppId, run),
    ])
    const { id: roleId } = roleIn(resource, wanted)
    if (!found) throw new HmaError('HMA506', 'The registration is not to be seen yet', { retryable: true })
    const requiredPermissions: RequiredPermission[] = [...found.requiredPermissions, { resourceAppId, roleId, type: 'Role' }]
    await directory.updateApplication(tenantId, objectId, { requiredPermissions })
  },
})

const same = (one: RequiredPermission, other: { resourceAppId: string; roleId: string }): boolean =>
  one.type === 'Role' && one.resourceAppId === other.resourceAppId && one.roleId === other.roleId
