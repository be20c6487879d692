import type { AppRoleAssignment, Directory } from '../azure/directory/port.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind, Run } from '../core/kind.ts'
import type { Named } from './registered.ts'
import { roleIn } from './role.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = {
  readonly tenantId: string
  /** HMA-App, so that a survey finds the consent without waiting for its service principal. */
  readonly registration: Named
  /** Object id of HMA-App's service principal. */
  readonly principalId: string
  readonly appId: string
  readonly resourceAppId: string
  /** `full_access_as_app`, with the documented id in case Exchange Online does not list the role. */
  readonly role: string
  readonly roleId: string
  readonly mode: 'grant' | 'manual'
  /** Where an administrator consents if hma is not to: `https://login.microsoftonline.com`. */
  readonly authorityHost?: string
}

export type Live = {
  readonly id: string
  /** Object id of Exchange Online's service principal. */
  readonly resourceId: string
  /** Exchange Online does not offer the role, so it is in no token, even where it was granted. */
  readonly unoffered?: 'missing' | 'disabled'
}

/** Admin consent to the application permission: an app role assignment on the service principal of Exchange Online. */
export const adminConsent = (
  directory: Directory,
  reads: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'registration' | 'resourceAppId' | 'role' | 'roleId'> => ({
  identity: ['tenantId', 'registration', 'resourceAppId', 'role', 'roleId'],
  confirmations: () => 5,

  async read({ tenantId, registration, principalId, resourceAppId, ...wanted }, run) {
    const [resource, assignments] = await Promise.all([
      reads.api(tenantId, resourceAppId, run),
      principalId === undefined
        ? consentsTo({ directory, reads }, registration, run)
        : directory.appRoleAssignments(tenantId, principalId),
    ])
    const role = roleIn(resource, wanted)
    const found = assignments.find((one) => one.resourceId === resource?.id && one.appRoleId === role.id)
    return found && { id: found.id, resourceId: found.resourceId, ...(role.offered !== true && { unoffered: role.offered }) }
  },

  marks: () => ({ marks: 'parent' }),

  diff: ({ role, tenantId }, { unoffered }) => (unoffered ? [withdrawn(unoffered, role, tenantId)] : []),

  missing: ({ mode, authorityHost, tenantId, appId }) =>
    mode === 'manual' ? [{ field: 'consent', reason: 'waiting', manual: instructions(authorityHost, tenantId, appId) }] : [],

  async reconcile({ tenantId, principalId, resourceAppId, ...wanted }, _live, run) {
    const resource = await reads.api(tenantId, resourceAppId, run)
    if (!resource)
      throw new HmaError(
        'HMA134',
        `The tenant ${tenantId} has no service principal of Office 365 Exchange Online (${resourceAppId})`,
        {
          hint: 'Check hmaApp.tenantId: it must be the tenant with which Exchange is hybrid.',
        },
      )
    const { id, offered } = roleIn(resource, wanted)
    if (offered !== true)
      throw new HmaError('HMA134', withdrawn(offered, wanted.role, tenantId).why, { hint: askMicrosoftSupport })
    await directory.grantAppRole(tenantId, { principalId, resourceId: resource.id, appRoleId: id })
  },
})

const askMicrosoftSupport =
  'hma cannot change that. Ask Microsoft support why Office 365 Exchange Online does not offer the permission in this tenant.'

/** Without the role in its token, HMA-App gets no access; consent no longer means anything. */
const withdrawn = (how: 'missing' | 'disabled', role: string | undefined, tenantId: string) => ({
  field: 'role',
  from: how,
  to: 'enabled',
  reason: 'waiting' as const,
  why: `the permission ${role} of Office 365 Exchange Online is ${how} in tenant ${tenantId}, so tokens lack it`,
  manual: askMicrosoftSupport,
})

async function consentsTo(
  { directory, reads }: { directory: Directory; reads: SharedReads },
  registration: Named,
  run: Run,
): Promise<readonly AppRoleAssignment[]> {
  const found = await reads.registered(registration, run)
  if (!found || found.deleted) return []
  run.signal.throwIfAborted()
  return directory.appRoleAssignments(registration.tenantId, { appId: found.application.appId })
}

const instructions = (authorityHost: string | undefined, tenantId: string, appId: string | undefined): string =>
  appId === undefined
    ? 'An administrator must consent once the registration exists: `hma plan` shows the link then.'
    : `An administrator of the tenant (Privileged Role Administrator, or Application Administrator) opens ${authorityHost}/${tenantId}/adminconsent?client_id=${appId} and consents. Then run \`hma apply\` again.`
