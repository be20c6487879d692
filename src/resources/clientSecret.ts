import { randomUUID } from 'node:crypto'
import type { Dataverse, IdentityRow, Organization } from '../azure/dataverse.ts'
import type { Directory } from '../azure/directory.ts'
import type { KeyVault } from '../azure/keyVault.ts'
import type { SignIn } from '../azure/signIn.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind, Run } from '../core/kind.ts'
import type { Secret } from '../core/secret.ts'
import { credentialName, isOurs, vaultTag } from './mark.ts'
import { inUse, type Lifetime, type SecretState, secretDue, undelivered, unused } from './secretState.ts'
import type { Registration, Sight } from './sight.ts'

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
  readonly copy?: Copy
  readonly organization?: Organization
  readonly deleted?: true
}

type Copy = {
  readonly vault: string
  readonly name: string
  readonly version?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly deleted?: true
}

interface Ports {
  readonly directory: Directory
  readonly keyVault: KeyVault
  readonly dataverse: Dataverse
  readonly signIn: SignIn
  readonly sight: Sight
}

/** How often in a row a new secret must be accepted before anybody depends on it: Entra's replicas lag. */
const acceptances = 3

/**
 * KV-App's client secret: made, seen to work, delivered, and the former one removed after its overlap.
 *
 * The value is known only to the process that made it, until it is delivered; `inHand` keeps it for so long. What a
 * process that died had in its hand is lost: its credential is recognised by its name, and removed by the next run.
 */
export function clientSecret(ports: Ports): Kind<Spec, Live, 'tenantId' | 'uniqueName' | 'vault'> {
  const { directory, keyVault, dataverse } = ports
  const inHand = new Map<string, { value: Secret; accepted: number }>()

  return {
    identity: ['tenantId', 'uniqueName', 'vault'],
    stable: ['identityId'],
    sights: 5,

    async read(spec, run) {
      const live = await observe(ports, spec, run)
      if (!live) return undefined
      const mine = live.ours.find((one) => inHand.has(one.keyId) && one.keyId !== (live.vault ?? live.dynamics))
      return mine ? { ...live, inHand: mine.keyId } : live
    },

    owner: (live) => live.mark,

    diff: (spec, live, now) => [
      ...secretDue(spec, live, now),
      ...undelivered(live),
      ...(live.copy?.deleted ? [{ field: 'copy', from: 'deleted', to: 'active', why: 'recovered from soft delete' }] : []),
      ...unused(spec, live, now).map((one) => ({
        field: 'credentials',
        from: one.keyId,
        reason: 'superseded' as const,
        why:
          one.start > (inUse(live)?.start ?? '')
            ? 'made but never delivered'
            : `its ${spec.overlapDays} days of overlap are over`,
      })),
    ],

    async reconcile(spec, live, run) {
      const { tenantId, objectId, clientId } = spec
      if (live?.copy?.deleted) return keyVault.recoverSecret(live.copy.vault, live.copy.name)
      for (const { keyId } of live ? unused(spec, live, run.now) : []) await directory.removePassword(tenantId, objectId, keyId)
      const due = !live || secretDue(spec, live, run.now).length > 0
      if (!due) return deliverCopy(ports, spec, live, run)
      if (live && !inUse(live) && inHand.has(live.vault ?? live.dynamics ?? '')) throw waiting('KV-App shows its new secret')
      const held = live?.inHand === undefined ? undefined : inHand.get(live.inHand)
      if (!live?.inHand || !held) {
        const { keyId, value } = await directory.addPassword(tenantId, objectId, password(spec, run))
        inHand.set(keyId, { value, accepted: 0 })
        return
      }
      held.accepted = (await ports.signIn.accepts(tenantId, clientId, held.value)) ? held.accepted + 1 : 0
      if (held.accepted < acceptances)
        throw new HmaError(`waiting until Entra accepts the new secret, ${held.accepted} of ${acceptances} times in a row`, {
          retryable: true,
        })
      await deliver(ports, spec, live, { keyId: live.inHand, value: held.value }, run)
    },

    async remove(live, run) {
      const { registration, objectId, copy, organization, identityId } = live
      if (organization && identityId && live.dynamics) await dataverse.deleteRow(organization, 'managedidentities', identityId)
      if (copy?.version !== undefined && live.mark === run.owner) await keyVault.deleteSecret(copy.vault, copy.name)
      for (const { keyId } of live.ours) {
        await directory.removePassword(registration.tenantId, objectId, keyId)
        inHand.delete(keyId)
      }
    },
  }
}

const waiting = (until: string): HmaError => new HmaError(`waiting until ${until}`, { retryable: true })

async function observe(
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
  const state: SecretState = {
    ours: ours.map(({ keyId, start, end }) => ({ keyId, start, end })).sort((one, other) => one.start.localeCompare(other.start)),
    ...(copy && { vault: copy.tags?.keyId ?? null }),
    ...(delivery && { dynamics: witness(identity, run.owner) ?? null }),
  }
  const current = inUse(state)
  return {
    ...state,
    registration,
    objectId: application.objectId,
    mark: copy?.tags ? copy.tags[vaultTag] : run.owner,
    ...(current && { keyId: current.keyId, expires: current.end }),
    ...(copy && { copy }),
    ...(delivery && { organization: delivery.organization, identityId: identity?.id ?? delivery.identityId }),
    ...(copy?.deleted && ours.length === 0 && !identity && { deleted: true as const }),
  }
}

/** The vault's copy, also where it waits in soft delete. Without tags there is none. A copy without our mark is somebody else's. */
async function copyIn(keyVault: KeyVault, vault: string, name: string): Promise<Copy> {
  const secret = await keyVault.secret(vault, name)
  if (secret) return { vault, name, version: secret.version, tags: secret.tags }
  const deleted = await keyVault.deletedSecret(vault, name)
  return deleted ? { vault, name, tags: deleted.tags, deleted: true } : { vault, name }
}

async function identityOf(
  dataverse: Dataverse,
  sight: Sight,
  { organization, profileId, profileName, identityId }: Delivery,
  run: Run,
) {
  const profiles = await sight.profiles(organization, { id: profileId, name: profileName }, run)
  const found = (profiles.find((one) => one.profile.id === profileId) ?? profiles[0])?.identity
  return found ?? dataverse.identity(organization, identityId)
}

const password = ({ lifetimeDays }: Lifetime, { owner, now }: Run) => ({
  displayName: credentialName(owner, randomUUID()),
  start: now.toISOString(),
  end: new Date(now.getTime() + lifetimeDays * 86_400_000).toISOString(),
})

/** The name of the row carries the keyId: the value can never be read back, so this is the witness of what was delivered. */
const witnessName = (owner: string, keyId: string): string => `hma ${owner} ${keyId}`

const witness = (identity: IdentityRow | undefined, owner: string): string | undefined => {
  const prefix = witnessName(owner, '')
  return identity?.name?.startsWith(prefix) ? identity.name.slice(prefix.length) : undefined
}

type Fresh = { readonly keyId: string; readonly value: Secret }

/** To the vault first: from there it can be delivered again. */
async function deliver(ports: Ports, spec: Spec, live: Live, fresh: Fresh, run: Run): Promise<void> {
  const { vault, vaultSecretName: name } = spec
  if (vault !== undefined && name !== undefined) {
    const expires = live.ours.find((one) => one.keyId === fresh.keyId)?.end ?? run.now.toISOString()
    await ports.keyVault.setSecret(vault, name, fresh.value, {
      tags: { [vaultTag]: run.owner, keyId: fresh.keyId },
      expires,
      contentType: 'client secret of KV-App',
    })
  }
  if (spec.delivery) await toDynamics(ports, spec, live, fresh, run)
}

const toDynamics = (
  { dataverse }: Ports,
  { delivery, clientId, tenantId }: Spec,
  live: Live,
  { keyId, value }: Fresh,
  { owner }: Run,
): Promise<void> =>
  delivery
    ? dataverse.putIdentity(delivery.organization, {
        id: live.identityId ?? delivery.identityId,
        name: witnessName(owner, keyId),
        applicationId: clientId,
        tenantId,
        credentialSource: 0,
        secret: value,
      })
    : Promise.resolve()

/** Dynamics lost what the vault still has. */
async function deliverCopy(ports: Ports, spec: Spec, live: Live, run: Run): Promise<void> {
  const { vault, vaultSecretName: name } = spec
  if (undelivered(live).length === 0 || vault === undefined || name === undefined || live.keyId === undefined) return
  const value = await ports.keyVault.secretValue(vault, name)
  if (!value) throw new HmaError(`The vault does not show the secret ${name} yet`, { retryable: true })
  await toDynamics(ports, spec, live, { keyId: live.keyId, value }, run)
}
