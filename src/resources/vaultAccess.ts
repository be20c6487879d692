import type { AccessPolicy, ResourceManager, RoleAssignment, Vault } from '../azure/resourceManager/port.ts'
import { builtInRoles, vaultReaderRoles } from '../azure/wellKnown.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind, Run } from '../core/kind.ts'
import { isOurs } from '../core/ownership.ts'
import { vaultObservations } from '../observations/vault.ts'
import { guid, marksInTags, marksInText, sentenceOf } from './mark.ts'
import type { Named } from './registered.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  /** KV-App, so that a survey finds its rights without waiting for its service principal. */
  readonly registration: Named
  /** Object id of KV-App's service principal. */
  readonly principalId: string
  /** The vault must exist: hma does not create it. */
  readonly vaultExists?: true
}

export type Live = {
  readonly tenantId: string
  readonly vault: { readonly subscriptionId: string; readonly resourceGroup: string; readonly name: string }
  readonly principalId: string
  readonly mode: 'rbac' | 'accessPolicy'
  /** The part of what KV-App needs that it may already do. */
  readonly granted: readonly string[]
  /** GUIDs of role assignments that hma made. */
  readonly assignments: readonly string[]
  /** Every role assignment that lets it read, whoever made it. */
  readonly held: readonly { readonly role: string; readonly scope: string; readonly name: string }[]
  /** The access policy contains exactly what hma writes, so hma may remove it. */
  readonly exact: boolean
  /** The vault whose network rules apply to KV-App. */
  readonly guarded: Pick<Vault, 'publicAccess' | 'purgeProtection'>
  /** KV-App is ours alone. Access that others rely on is not ours to remove. */
  readonly own: boolean
}

const needed = { rbac: vaultReaderRoles, accessPolicy: ['secrets get', 'certificates get'] } as const

/** KV-App may read the certificate and its key from the vault: by role or access policy, whichever the vault uses. */
export const vaultAccess = (
  resourceManager: ResourceManager,
  reads: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'subscriptionId' | 'resourceGroup' | 'name' | 'registration'> => ({
  identity: ['tenantId', 'subscriptionId', 'resourceGroup', 'name', 'registration'],

  async read({ tenantId, subscriptionId, resourceGroup, name, registration, vaultExists, ...spec }, run) {
    const vault = { subscriptionId, resourceGroup, name }
    const rights = async () => {
      const found = await reads.vault(tenantId, vault, run)
      if (!found && vaultExists) throw missing(name, resourceGroup)
      if (found?.authorization !== 'rbac') return found && { found, assignments: [] }
      run.signal.throwIfAborted()
      return { found, assignments: await resourceManager.roleAssignments(tenantId, vault, spec.principalId) }
    }
    // The owner of these rights is looked up meanwhile.
    const known = spec.principalId === undefined ? undefined : { principalId: spec.principalId, own: true }
    const [seen, principal] = await Promise.all([rights(), known ?? principalOf(reads, registration, run)])
    if (!seen || !principal) return undefined
    const { principalId, own } = principal
    const { found, assignments } = seen
    const its = assignments.filter((one) => one.principalId.toLowerCase() === principalId.toLowerCase())
    const access = found.authorization === 'rbac' ? byRole(found, its, run.owner) : byPolicy(found, principalId)
    const { publicAccess, purgeProtection } = found
    const guarded = { publicAccess, purgeProtection }
    const live = { tenantId, vault, principalId, mode: found.authorization, own, ...access, guarded }
    return live.granted.length > 0 ? live : undefined
  },

  marks: () => ({ marks: 'parent' }),

  remarks: (_spec, { guarded }) => vaultObservations(guarded),

  diff: (_spec, live) =>
    needed[live.mode]
      .filter((one) => !live.granted.includes(one))
      .map((one) => ({ field: live.mode === 'rbac' ? 'role' : 'permission', to: one })),

  async reconcile({ tenantId, subscriptionId, resourceGroup, name, principalId }, live, run) {
    const vault = { subscriptionId, resourceGroup, name }
    const found = await reads.vault(tenantId, vault, run)
    if (!found) throw missing(name, resourceGroup)
    if (found.authorization === 'accessPolicy') return addPolicy(resourceManager, found, vault, principalId)
    for (const role of vaultReaderRoles)
      if (!live?.granted.includes(role))
        await resourceManager.assignRole(tenantId, vault, {
          name: assignmentName(found.id, principalId, builtInRoles[role]),
          roleId: builtInRoles[role],
          principalId,
          description: sentenceOf(run.owner),
        })
  },

  async remove({ tenantId, vault, principalId, mode, assignments }) {
    for (const name of assignments) await resourceManager.removeRoleAssignment(tenantId, vault, name)
    if (mode === 'rbac') return
    await resourceManager.removeAccessPolicy(tenantId, vault, {
      tenantId,
      objectId: principalId,
      ...least,
      keys: [],
      storage: [],
    })
  },

  // Roles assigned by others, and a policy that grants more than hma's, stay.
  removable: ({ mode, assignments, exact, own }) => own && (mode === 'rbac' ? assignments.length > 0 : exact),
})

async function principalOf(
  reads: SharedReads,
  registration: Named,
  run: Run,
): Promise<{ principalId: string; own: boolean } | undefined> {
  const found = await reads.registered(registration, run)
  if (!found || found.deleted) return undefined
  run.signal.throwIfAborted()
  const principal = await reads.servicePrincipal(registration.tenantId, found.application.appId, run)
  return principal && { principalId: principal.id, own: isOurs({ marks: marksInTags(found.application.tags) }, run.owner) }
}

const least = { secrets: ['get'], certificates: ['get'] }

/** Repeating an assignment gives the same name. */
const assignmentName = (vaultId: string, principalId: string, roleId: string): string =>
  guid('roleAssignment', vaultId, principalId, roleId)

type Access = Pick<Live, 'granted' | 'assignments' | 'held' | 'exact'>

function byRole(vault: Vault, assignments: readonly RoleAssignment[], owner: string): Access {
  const ids = assignments.map((one) => one.roleDefinitionId.toLowerCase())
  const ours = vaultReaderRoles.map((role) =>
    assignments.filter(
      (one) =>
        one.name === assignmentName(vault.id, one.principalId, builtInRoles[role]) &&
        isOurs({ marks: marksOf(one, owner) }, owner),
    ),
  )
  return {
    granted: vaultReaderRoles.filter((role) => ids.some((id) => id.endsWith(builtInRoles[role]))),
    assignments: ours.flat().map((one) => one.name),
    held: vaultReaderRoles.flatMap((role) =>
      assignments
        .filter(({ roleDefinitionId }) => roleDefinitionId.toLowerCase().endsWith(builtInRoles[role]))
        .map(({ scope, name }) => ({ role, scope, name })),
    ),
    exact: false,
  }
}

/** Earlier versions wrote no description: then the name shows that hma made it, and KV-App shows for whom. */
function marksOf({ description }: RoleAssignment, deployment: string) {
  const marks = marksInText(description)
  return marks.length > 0 ? marks : [{ deployment }]
}
/** The entry that applies to a service principal: one that also names an application only applies to users of that application. */
const entryOf = ({ accessPolicies }: Vault, principalId: string): AccessPolicy | undefined =>
  accessPolicies.find((one) => one.objectId.toLowerCase() === principalId.toLowerCase() && one.applicationId === undefined)

function byPolicy(vault: Vault, principalId: string): Access {
  const policy = entryOf(vault, principalId)
  const has = (permissions: readonly string[] = []) => permissions.some((one) => ['get', 'all'].includes(one.toLowerCase()))
  const granted = [...(has(policy?.secrets) ? ['secrets get'] : []), ...(has(policy?.certificates) ? ['certificates get'] : [])]
  const count = policy ? policy.secrets.length + policy.certificates.length + policy.keys.length + policy.storage.length : 0
  return { granted, assignments: [], held: [], exact: count === granted.length }
}

/** What the entry already allows stays allowed: whether `add` merges or replaces is not documented, so the union is formed here. */
async function addPolicy(resourceManager: ResourceManager, vault: Vault, id: Live['vault'], principalId: string): Promise<void> {
  const policy = entryOf(vault, principalId)
  const withGet = (permissions: readonly string[] = []) =>
    permissions.some((one) => one.toLowerCase() === 'get') ? permissions : [...permissions, 'get']
  await resourceManager.setAccessPolicy(vault.tenantId, id, {
    tenantId: vault.tenantId,
    objectId: principalId,
    secrets: withGet(policy?.secrets),
    certificates: withGet(policy?.certificates),
    keys: policy?.keys ?? [],
    storage: policy?.storage ?? [],
  })
}

const missing = (name: string, resourceGroup: string): HmaError =>
  new HmaError('HMA134', `There is no key vault "${name}" in the resource group "${resourceGroup}"`, {
    hint: 'Correct keyVault in the configuration, or have hma create the vault: add keyVault.create.',
  })
