import type { Dataverse, IdentityRow, Organization } from '../../azure/dataverse/port.ts'
import type { KeyVault } from '../../azure/keyVault/port.ts'
import type { Run } from '../../core/kind.ts'
import { isOurs, vaultTag } from '../mark.ts'
import type { Registration } from '../registered.ts'
import type { SharedReads } from '../sharedReads.ts'
import { inUse, type Lifetime, type SecretState } from './state.ts'

/** Where Dynamics keeps KV-App's secret: a row of `managedidentities`, found through the profile. */
export type Delivery = {
  readonly organization: Organization
  readonly profileId: string
  readonly profileName: string
  /** The row that hma makes where the profile has none. */
  readonly identityId: string
}

export type Spec = Registration &
  Lifetime & {
    readonly objectId: string
    readonly clientId: string
    /** Keep a copy in this vault, under this name. */
    readonly vault?: string
    readonly vaultSecretName?: string
    readonly delivery?: Delivery
  }

export type Live = SecretState & {
  readonly registration: Registration
  readonly objectId: string
  readonly mark: string | undefined
  readonly keyId?: string
  readonly expires?: string
  readonly identityId?: string
  /** As whom Dynamics signs in with the secret. */
  readonly identity?: Pick<IdentityRow, 'applicationId' | 'tenantId' | 'credentialSource'>
  readonly copy?: Copy
  readonly organization?: Organization
  readonly deleted?: true
}

type Copy = {
  readonly vault: string
  readonly name: string
  readonly version?: string
  readonly tags?: Readonly<Record<string, string>>
  /** keyIds of versions of the same second. */
  readonly rivals?: readonly string[]
  /** The vault does not serve it. */
  readonly disabled?: true
  readonly deleted?: true
}

interface Ports {
  readonly keyVault: KeyVault
  readonly dataverse: Dataverse
  readonly sight: SharedReads
}

/** KV-App's secrets, and what the vault and Dynamics hold of them. Values are never read. */
export async function observe(
  { dataverse, keyVault, sight }: Ports,
  spec: Partial<Spec> & Registration,
  run: Run,
): Promise<Live | undefined> {
  const { tenantId, uniqueName, appId, vault, vaultSecretName, delivery } = spec
  const registration = { tenantId, uniqueName, ...(appId && { appId }) }
  const [application, copy, identity] = await Promise.all([
    sight.application(registration, run),
    vault !== undefined && vaultSecretName !== undefined ? copyIn(keyVault, vault, vaultSecretName) : undefined,
    delivery && identityOf(dataverse, sight, delivery, run),
  ])
  const ours = application?.passwordCredentials.filter((one) => isOurs(one.displayName, run.owner)) ?? []
  if (!application || (ours.length === 0 && !copy?.tags && !identity)) return undefined
  const told = witness(identity, run.owner)
  const nameless = delivery ? identity && !told : !copy?.tags?.keyId
  const replaced = copy ? copy.tags?.replaced : told?.replaced
  const state: SecretState = {
    ours: ours.map(({ keyId, start, end }) => ({ keyId, start, end })).sort((one, other) => one.start.localeCompare(other.start)),
    ...(copy && { vault: copy.tags?.keyId ?? null }),
    ...(copy?.rivals?.length && { rivals: copy.rivals }),
    ...(delivery && { dynamics: told?.keyId ?? null }),
    ...(nameless && { unwitnessed: true as const }),
    ...(replaced !== undefined && { replaced }),
    ...(identity?.modified !== undefined && { since: identity.modified }),
  }
  const current = inUse(state)
  return {
    ...state,
    registration,
    objectId: application.objectId,
    mark: copy?.tags ? copy.tags[vaultTag] : run.owner,
    ...(current && { keyId: current.keyId, expires: current.end }),
    ...(copy && { copy }),
    ...(identity && { identity: signsInAs(identity) }),
    ...(delivery && { organization: delivery.organization, identityId: identity?.id ?? delivery.identityId }),
    ...(copy?.deleted && ours.length === 0 && !identity && { deleted: true as const }),
  }
}

/** The vault's copy, also where it waits in soft delete. Without tags there is none. A copy without our mark is somebody else's. */
async function copyIn(keyVault: KeyVault, vault: string, name: string): Promise<Copy> {
  const secret = await keyVault.secret(vault, name)
  if (secret) {
    const { version, tags, enabled, rivals = [] } = secret
    const copy = { vault, name, version, tags, rivals: rivals.flatMap(({ keyId }) => keyId ?? []) }
    return enabled ? copy : { ...copy, disabled: true }
  }
  const deleted = await keyVault.deletedSecret(vault, name)
  return deleted ? { vault, name, tags: deleted.tags, deleted: true } : { vault, name }
}

const signsInAs = ({ applicationId, tenantId, credentialSource }: IdentityRow): NonNullable<Live['identity']> => ({
  applicationId: applicationId?.toLowerCase(),
  tenantId: tenantId?.toLowerCase(),
  credentialSource,
})

async function identityOf(
  dataverse: Dataverse,
  sight: SharedReads,
  { organization, profileId, profileName, identityId }: Delivery,
  run: Run,
) {
  const profiles = await sight.profiles(organization, { id: profileId, name: profileName }, run)
  const found = (profiles.find((one) => one.profile.id === profileId) ?? profiles[0])?.identity
  return found ?? dataverse.identity(organization, identityId)
}

/**
 * The name of the row carries the keyId: the value can never be read back, so this is the witness of what was delivered, and of
 * what that replaced.
 */
export const witnessName = (owner: string, keyId: string, replaced?: string): string =>
  [`hma ${owner} ${keyId}`, ...(replaced === undefined ? [] : [`after ${replaced}`])].join(' ')

function witness(identity: IdentityRow | undefined, owner: string): { keyId: string; replaced?: string } | undefined {
  const prefix = witnessName(owner, '')
  if (!identity?.name?.startsWith(prefix)) return undefined
  const [keyId = '', , replaced] = identity.name.slice(prefix.length).split(' ')
  return { keyId, ...(replaced !== undefined && { replaced }) }
}
