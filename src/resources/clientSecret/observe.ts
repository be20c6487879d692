import type { Dataverse, IdentityRow, Organization } from '../../azure/dataverse/port.ts'
import type { Application } from '../../azure/directory/port.ts'
import type { KeyVault } from '../../azure/keyVault/port.ts'
import type { Run } from '../../core/kind.ts'
import { isOurs, type Mark, type Marked } from '../../core/ownership.ts'
import type { Restrictions } from '../../observations/policy.ts'
import { madeElsewhere } from '../certificate/trusted.ts'
import { marksInName, marksInVaultTags, readWitness } from '../mark.ts'
import { ownProfile } from '../ownProfile.ts'
import type { Registration } from '../registered.ts'
import type { SharedReads } from '../sharedReads.ts'
import { type HeldSecret, inUse, type Lifetime, noteOf, type SecretState } from './state.ts'

/** Where Dynamics keeps KV-App's secret: a `managedidentities` row, found through the profile. */
export type Delivery = {
  readonly organization: Organization
  readonly profileId: string
  readonly profileName: string
  /** The row that hma makes if the profile has none. */
  readonly identityId: string
}

export type Spec = Registration &
  Lifetime & {
    readonly objectId: string
    readonly clientId: string
    /** The deployment's vault: the store for secrets if Dynamics is left out. */
    readonly store: string
    /** Keeps a copy in this vault under this name. */
    readonly vault?: string
    readonly vaultSecretName?: string
    readonly delivery?: Delivery
  }

export type Live = SecretState & {
  readonly registration: Registration
  /** Absent if there is a copy in the vault but no KV-App. */
  readonly objectId?: string
  readonly marked: Marked
  readonly organizationId?: string
  readonly keyId?: string
  readonly expires?: string
  /** ISO instant at which KV-App was created, and the tenant's restrictions. */
  readonly created?: string
  readonly restrictions: Restrictions
  readonly identityId?: string
  /** The application that Dynamics signs in as with the secret. */
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
  /** keyIds of versions created within the same second. */
  readonly rivals?: readonly string[]
  /** Disabled or in soft delete. */
  readonly disabled?: true
  readonly deleted?: true
}

interface Ports {
  readonly keyVault: KeyVault
  readonly dataverse: Dataverse
  readonly reads: SharedReads
}

/** What exists, if anything, what the stores hold, and the tenant's restrictions on KV-App. */
interface Observed {
  readonly live?: Live
  readonly stores: Stores
  readonly restrictions: Restrictions
}

/** What the vault and Dynamics hold, if they are configured. */
export interface Stores {
  readonly copy: Copy | undefined
  readonly held: HeldInDynamics | undefined
}

/** KV-App's secrets, and which of them the vault and Dynamics hold, unless that is `known`. Values are never read. */
export async function observeSecrets(
  ports: Ports,
  spec: Partial<Spec> & Registration,
  run: Run,
  known?: Stores,
): Promise<Observed> {
  const { tenantId, uniqueName, appId, delivery } = spec
  const registration = { tenantId, uniqueName, ...(appId && { appId }) }
  const [application, stores, restrictions] = await Promise.all([
    ports.reads.application(registration, run),
    known ?? storesOf(ports, spec, run),
    ports.reads.restrictions(registration, 'passwordCredentials', run),
  ])
  const { copy, held } = stores
  const ids = [held?.organizationId, spec.store].flatMap((store) => store ?? [])
  const told = witness(held, run.owner)
  const replaced = copy ? copy.tags?.replaced : told?.replaced
  const ours = oursOf(application, { stores: ids, known: [told?.keyId, copy?.tags?.keyId], replaced }, run)
  if (ours.length === 0 && !copy?.tags && !(application && held?.identity)) return { stores, restrictions }
  const state: SecretState = {
    ours,
    ...(copy && { vault: copy.tags?.keyId ?? null }),
    ...(copy?.rivals?.length && { rivals: copy.rivals }),
    ...(delivery && { dynamics: told?.keyId ?? null }),
    ...((delivery ? held?.identity && !told : !copy?.tags?.keyId) && { unwitnessed: true as const }),
    ...(replaced !== undefined && { replaced }),
    ...(held?.identity?.modified !== undefined && { since: held.identity.modified }),
  }
  const current = inUse(state)
  const inDynamics = delivery && held && { organization: delivery.organization, organizationId: held.organizationId }
  const live: Live = {
    ...state,
    registration,
    ...(application && { objectId: application.objectId }),
    ...(application?.created !== undefined && { created: application.created }),
    restrictions,
    marked: {
      ...marksOf(copy, held?.organizationId, run.owner),
      dependents: madeElsewhere(application?.passwordCredentials ?? [], ids, run),
    },
    ...(current && { keyId: current.keyId, expires: current.end }),
    ...(copy && { copy }),
    ...(held?.identity && { identity: signsInAs(held.identity) }),
    ...(inDynamics && { ...inDynamics, identityId: held.identity?.id ?? delivery.identityId }),
    ...(copy?.deleted && ours.length === 0 && !held?.identity && { deleted: true as const }),
  }
  return { live, stores, restrictions }
}

async function storesOf(ports: Ports, { vault, vaultSecretName, delivery }: Partial<Spec>, run: Run): Promise<Stores> {
  const [copy, held] = await Promise.all([
    vault !== undefined && vaultSecretName !== undefined ? copyIn(ports.keyVault, vault, vaultSecretName) : undefined,
    delivery && heldBy(ports, delivery, run),
  ])
  return { copy, held }
}

/** The vault's copy is an object of its own; the rest is part of KV-App. */
function marksOf(copy: Copy | undefined, organizationId: string | undefined, deployment: string): Marked {
  if (!copy?.tags) return { marks: [{ deployment, ...(organizationId !== undefined && { store: organizationId }) }] }
  const setting = 'keyVaultApp.clientSecret.vaultSecretName'
  return { marks: marksInVaultTags(copy.tags), setting, ...(organizationId !== undefined && { stores: [organizationId] }) }
}

/** Identifies secrets for our stores. */
interface OwnershipEvidence {
  readonly stores: readonly string[]
  readonly known: readonly (string | undefined)[]
  readonly replaced: string | undefined
}

/** The secrets that this deployment made for its own stores, oldest first. */
function oursOf(
  application: Application | undefined,
  { stores, known, replaced }: OwnershipEvidence,
  { owner }: Run,
): HeldSecret[] {
  const isSure = (marks: readonly Mark[], keyId: string): boolean =>
    stores.length === 0 || marks.some(({ store }) => store !== undefined) || known.includes(keyId) || noteOf(keyId) === replaced
  return (application?.passwordCredentials ?? [])
    .flatMap(({ keyId, displayName, start, end }) => {
      const marks = marksInName(displayName)
      if (!isOurs({ marks, stores }, owner)) return []
      return [{ keyId, start, end, ...(!isSure(marks, keyId) && { unsure: true as const }) }]
    })
    .sort((one, other) => one.start.localeCompare(other.start))
}

/** The vault's copy, even in soft delete. A copy without our mark belongs to someone else. */
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

interface HeldInDynamics {
  readonly organizationId: string
  readonly identity: IdentityRow | undefined
}

/** The row of our own profile, or the one that a dead run made for it. Other profiles' rows are left alone. */
async function heldBy({ dataverse, reads }: Ports, delivery: Delivery, run: Run): Promise<HeldInDynamics> {
  const { organization, profileId, profileName, identityId } = delivery
  const [found, organizationId] = await Promise.all([
    reads.profiles(organization, { id: profileId, name: profileName }, run),
    reads.organizationId(organization),
  ])
  const { own, unmarked } = ownProfile(found, { madeId: profileId, organizationId, deployment: run.owner })
  const row = (own ?? unmarked)?.identity
  if (row && (row.id === identityId || witness({ organizationId, identity: row }, run.owner)))
    return { organizationId, identity: row }
  // A row made by hand may serve other profiles too: then ours gets its own, and theirs is left as it is.
  const [made, users] = await Promise.all([
    dataverse.identity(organization, identityId),
    row ? dataverse.usersOf(organization, 'managedidentities', row.id) : [],
  ])
  const others = users.filter((id) => ![own, unmarked].some((one) => one?.profile.id === id || one?.reference?.id === id))
  return { organizationId, identity: made ?? (others.length > 0 ? undefined : row) }
}

function witness(held: HeldInDynamics | undefined, deployment: string) {
  const told = readWitness(held?.identity?.name)
  return told && held && isOurs({ marks: [told], stores: [held.organizationId] }, deployment) ? told : undefined
}
