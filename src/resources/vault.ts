import type { KeyVault } from '../azure/keyVault/port.ts'
import type { AccessPolicy, ResourceManager, VaultId } from '../azure/resourceManager/port.ts'
import { fields } from '../core/diff.ts'
import { HmaError } from '../core/errors.ts'
import type { Difference, Kind } from '../core/kind.ts'
import { isOurs } from '../core/ownership.ts'
import { madeVaultTags, marksInVaultTags, vaultTags } from './mark.ts'
import type { SharedReads } from './sharedReads.ts'
import { creationBlocked, obstacleTo, type VaultObstacle } from './vaultPlace.ts'

export type Spec = {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  readonly location: string
  readonly authorization: 'rbac' | 'accessPolicy'
  readonly sku: string
  readonly softDeleteRetentionDays: number
  readonly purgeProtection: boolean
}

export type Live = {
  readonly id: VaultId
  readonly tenantId: string
  /** Its address, once its content can be read. */
  readonly uri?: string
  readonly location?: string
  readonly authorization?: 'rbac' | 'accessPolicy'
  readonly sku?: string
  readonly softDeleteRetentionDays?: number
  readonly purgeProtection?: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly registering?: true
  /** It does not exist and cannot be created. */
  readonly obstacle?: VaultObstacle
  /** On a vault with access policies: no identity could create a certificate in it. */
  readonly locked?: true
  readonly deleted?: true
}

const ofHma = {
  certificates: ['get', 'list', 'create', 'import', 'update', 'delete', 'recover'],
  secrets: ['get', 'list', 'set', 'delete', 'recover'],
} as const

/** The vault, if the configuration has `keyVault.create`. Soft-deleted ones are recovered, never purged. */
export const vault = (
  resourceManager: ResourceManager,
  keyVault: KeyVault,
  reads: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'subscriptionId' | 'resourceGroup' | 'name'> => ({
  identity: ['tenantId', 'subscriptionId', 'resourceGroup', 'name'],
  stable: ['uri'],

  async read({ tenantId, subscriptionId, resourceGroup, name, location }, run) {
    const id = { subscriptionId, resourceGroup, name }
    const found = await reads.vault(tenantId, id, run)
    if (found) {
      const { authorization, accessPolicies, provisioningState } = found
      const locked = authorization === 'accessPolicy' && !accessPolicies.some(mayCreate)
      const registering = provisioningState === 'RegisteringDns'
      return {
        ...{
          id,
          tenantId: found.tenantId,
          location: found.location,
          authorization,
          sku: found.sku,
          tags: found.tags,
        },
        softDeleteRetentionDays: found.softDeleteRetentionDays,
        purgeProtection: found.purgeProtection,
        // Reading from a vault that is not accessible yet would be refused, and planning would fail.
        ...(!registering && !locked && { uri: found.uri }),
        ...(registering && { registering }),
        ...(locked && { locked }),
      }
    }
    const deleted = location === undefined ? undefined : await resourceManager.deletedVault(tenantId, id, location)
    if (deleted) return { id, tenantId, tags: deleted.tags, deleted: true }
    const obstacle = await obstacleTo(resourceManager, tenantId, id, run)
    return obstacle && { id, tenantId, tags: vaultTags(run.owner), obstacle }
  },

  removable: ({ obstacle }) => obstacle === undefined,

  marks: ({ tags }) => ({ marks: marksInVaultTags(tags), setting: 'keyVault.name' }),

  /** One in soft delete is recovered first: only then can it be marked. */
  adopt: ({ tenantId, ...spec }, { id, tags, deleted }, { owner }) =>
    deleted
      ? resourceManager.recoverVault(tenantId, id, { tenantId, ...whole(spec), tags })
      : resourceManager.updateVault(tenantId, id, { tags: { ...tags, ...vaultTags(owner) } }),

  diff: (spec, live) => {
    if (live.obstacle) return creationBlocked(live.obstacle, live.id)
    if (live.deleted) return [{ field: 'state', from: 'deleted', to: 'active', why: 'recovered from soft delete, not created' }]
    return [
      ...fields(spec, live, ['sku']),
      ...fields(spec, live, ['tenantId', 'location', 'softDeleteRetentionDays', 'authorization']).map(fixed),
      ...fields(spec, live, ['purgeProtection']).map((one) => (one.to ? one : fixed(one))),
      ...(live.locked
        ? [{ field: 'accessPolicies', why: 'no one may create certificates in it yet: hma grants itself the right' }]
        : []),
      ...(live.registering ? [registering] : []),
    ]
  },

  async reconcile(spec, live, { owner }) {
    const { tenantId, subscriptionId, resourceGroup, name, sku, purgeProtection } = spec
    const id = { subscriptionId, resourceGroup, name }
    const tags = { ...live?.tags, ...vaultTags(owner) }
    const settings = { tenantId, ...whole(spec), tags }
    if (!live) return resourceManager.createVault(tenantId, id, { ...settings, tags: madeVaultTags(owner) })
    if (live.deleted) return resourceManager.recoverVault(tenantId, id, settings)
    const change = {
      ...(!isOurs({ marks: marksInVaultTags(live.tags) }, owner) && { tags }),
      ...(live.sku !== sku && { sku }),
      ...(purgeProtection && !live.purgeProtection && { purgeProtection }),
    }
    if (Object.keys(change).length > 0) await resourceManager.updateVault(tenantId, id, change)
    if (live.locked) await grantOwnAccess(resourceManager, tenantId, id)
  },

  /** A vault that holds other things stays: they do not carry hma's mark. */
  async remove(live) {
    const held = live.uri === undefined ? { certificates: [], secrets: [] } : await keyVault.contents(live.uri)
    const left = [...new Set([...held.certificates, ...held.secrets])]
    if (left.length > 0)
      throw new HmaError(
        'HMA403',
        `The vault ${live.id.name} still contains objects that hma did not create: ${left.join(', ')}`,
        {
          hint: 'The vault is kept. Move them elsewhere and run `hma destroy` again, or delete the vault yourself.',
        },
      )
    await resourceManager.deleteVault(live.tenantId, live.id)
  },
})

/** The settings of a new vault; the configuration has them all, or no `create`. */
function whole({ location, authorization, sku, softDeleteRetentionDays, purgeProtection }: Partial<Spec>) {
  if (
    location === undefined ||
    authorization === undefined ||
    sku === undefined ||
    softDeleteRetentionDays === undefined ||
    purgeProtection === undefined
  )
    throw new HmaError('HMA902', 'The settings of the vault are missing')
  return { location, authorization, sku, softDeleteRetentionDays, purgeProtection }
}

const registering: Difference = {
  ...{ field: 'state', from: 'registering its name', to: 'reachable' },
  ...{ pending: true, reason: 'waiting' },
}

const mayCreate = (policy: AccessPolicy): boolean =>
  policy.applicationId === undefined && policy.certificates.some((one) => ['create', 'all'].includes(one.toLowerCase()))

/** Creating a vault with access policies grants its creator no access (https://learn.microsoft.com/azure/key-vault/general/assign-access-policy). */
async function grantOwnAccess(resourceManager: ResourceManager, tenantId: string, id: VaultId): Promise<void> {
  const objectId = await resourceManager.callerId(tenantId)
  await resourceManager.setAccessPolicy(tenantId, id, { tenantId, objectId, ...ofHma, keys: [], storage: [] })
}

/** It cannot be changed, or not without a moment in which sign-in fails. */
const fixed = (difference: Difference): Difference => ({
  ...difference,
  manual:
    difference.field === 'authorization'
      ? 'Switching a vault between RBAC and access policies takes every right away for a while, so hma leaves it to you: first grant KV-App and hma their rights in the new model, switch the vault, then set keyVault.create.authorization to match.'
      : `${difference.field} of an existing vault cannot be changed to ${String(difference.to)}. Set keyVault.create.${difference.field} to ${String(difference.from)}, or use another vault.`,
})
