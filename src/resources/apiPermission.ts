import type { Directory, Raw, RequiredPermission } from '../azure/directory/port.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind } from '../core/kind.ts'
import { guarded } from '../core/replacement.ts'
import type { Registration } from './registered.ts'
import { roleIn } from './role.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = Registration & {
  readonly objectId: string
  readonly resourceAppId: string
  /** `full_access_as_app`, with the documented id in case the API does not list the role. */
  readonly role: string
  readonly roleId: string
}

export type Live = { readonly permissions: readonly RequiredPermission[] }

/** The permission that the registration requests. Granting it is separate: `adminConsent`. */
export const apiPermission = (
  directory: Directory,
  reads: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'uniqueName' | 'resourceAppId' | 'role' | 'roleId'> => ({
  identity: ['tenantId', 'uniqueName', 'resourceAppId', 'role', 'roleId'],
  confirmations: () => 5,

  async read({ tenantId, uniqueName, appId, resourceAppId, ...wanted }, run) {
    const [found, resource] = await Promise.all([
      reads.application({ tenantId, uniqueName, ...(appId && { appId }) }, run),
      reads.api(tenantId, resourceAppId, run),
    ])
    const permissions = found?.requiredPermissions ?? []
    const permission = { resourceAppId, roleId: roleIn(resource, wanted).id }
    return permissions.some((one) => same(one, permission)) ? { permissions } : undefined
  },

  marks: () => ({ marks: 'parent' }),

  diff: () => [],

  async reconcile({ tenantId, uniqueName, appId, objectId, resourceAppId, ...wanted }, _live, run) {
    const [found, resource] = await Promise.all([
      reads.application({ tenantId, uniqueName, ...(appId && { appId }) }, run),
      reads.api(tenantId, resourceAppId, run),
    ])
    const { id: roleId } = roleIn(resource, wanted)
    if (!found) throw new HmaError('HMA506', 'The registration is not visible in Entra yet', { retryable: true })
    const again = await directory.application(tenantId, appId ? { appId } : { uniqueName })
    const requiredAccess = withRole(again?.requiredAccess ?? [], resourceAppId, roleId)
    guarded({
      of: `the list of permissions of ${found.displayName}`,
      seen: each(found.requiredAccess),
      next: each(requiredAccess),
      mayGo: () => false,
      name: ({ api }) => String(api),
    })
    await directory.updateApplication(tenantId, objectId, { requiredAccess })
  },
})

/** The list with one more permission; everything else in it is sent back as it was read. */
function withRole(access: readonly Raw[], resourceAppId: string, id: string): readonly Raw[] {
  const role = { id, type: 'Role' }
  const at = access.findIndex((one) => one.resourceAppId === resourceAppId)
  if (at < 0) return [...access, { resourceAppId, resourceAccess: [role] }]
  return access.map((one, index) => (index === at ? { ...one, resourceAccess: [...asked(one), role] } : one))
}

const asked = ({ resourceAccess }: Raw): readonly unknown[] => (Array.isArray(resourceAccess) ? resourceAccess : [])

const each = (access: readonly Raw[]) =>
  access.flatMap((one) => asked(one).map((permission) => ({ api: one.resourceAppId, permission })))

const same = (one: RequiredPermission, other: { resourceAppId: string; roleId: string }): boolean =>
  one.type === 'Role' && one.resourceAppId === other.resourceAppId && one.roleId === other.roleId
