import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { SignIn } from '../../azure/appSignIn/port.ts'
import type { Dataverse } from '../../azure/dataverse/port.ts'
import type { Directory } from '../../azure/directory/port.ts'
import type { KeyVault } from '../../azure/keyVault/port.ts'
import { fields } from '../../core/diff.ts'
import { HmaError } from '../../core/errors.ts'
import type { Difference, Kind, Run } from '../../core/kind.ts'
import { ownership } from '../../core/ownership.ts'
import type { Secret } from '../../core/secret.ts'
import { day } from '../../core/time.ts'
import { renewalAt, secretPolicy } from '../../observations/policy.ts'
import { credentialName, vaultTags } from '../mark.ts'
import type { Registration } from '../registered.ts'
import type { SharedReads } from '../sharedReads.ts'
import { deliver, deliverCopy } from './deliver.ts'
import { type Live, observeSecrets, type Spec, type Stores } from './observe.ts'
import {
  ambiguous,
  inUse,
  type Lifetime,
  noteOfFormer,
  secretDue,
  undelivered,
  undeliveredYet,
  unused,
  wasNeverDelivered,
} from './state.ts'

export type { Delivery, Spec } from './observe.ts'

interface Ports {
  readonly directory: Directory
  readonly keyVault: KeyVault
  readonly dataverse: Dataverse
  readonly signIn: SignIn
  readonly reads: SharedReads
}

/** How many consecutive polls must show what was written to KV-App. */
const confirmations = 5

/** How many times in a row a new secret must be accepted before anything depends on it: Entra's replicas lag. */
const acceptances = 3

/** For how many polls a freshly delivered secret may be missing on KV-App before it counts as removed by someone else. */
const mostMissingPolls = 30

/**
 * KV-App's client secret: created, proven, delivered, and the former one removed after its overlap.
 *
 * Until it is delivered, only the process that created it knows the value; `inHand` keeps it that long. What a
 * dead process had in hand is lost: its credential is recognized by its name and removed by a later run.
 */
export function clientSecret(ports: Ports): Kind<Spec, Live, 'tenantId' | 'uniqueName' | 'vault'> {
  const inHand = new Map<string, { readonly value: Secret; accepted: number; missed: number }>()
  /** What the vault and Dynamics held when they were last read. */
  let known: Stores | undefined
  /** What this process delivered, and how often it has been missing since. */
  const delivered = new Map<string, number>()

  return {
    identity: ['tenantId', 'uniqueName', 'vault'],
    stable: ['identityId'],
    confirmations: (live) => (live && isKnown(live) ? 1 : confirmations),

    async read(spec, run) {
      const { live, stores, restrictions } = await observeSecrets(ports, spec, run, isBeingProven() ? known : undefined)
      known = stores
      if (!live) for (const remark of policies(spec, { restrictions }, run.now)) run.remark({ ...remark, about: 'clientSecret' })
      inHand.delete(live?.vault ?? live?.dynamics ?? '')
      const mine = live?.ours.find(({ keyId }) => inHand.has(keyId))
      return live && mine ? { ...live, inHand: mine.keyId } : live
    },

    marks: ({ marked }) => marked,

    adopt: (_spec, live, run) =>
      live.copy?.deleted ? ports.keyVault.recoverSecret(live.copy.vault, live.copy.name) : putMark(live, run),

    remarks: (spec, live, now) => [...policies(spec, live, now), ...undeliveredYet(live, now)],

    diff: (spec, live, now) => [
      ...secretDue(spec, live, now),
      ...undelivered(live),
      ...ambiguous(live),
      ...(live.copy?.deleted ? [{ field: 'copy', from: 'deleted', to: 'active', why: 'recovered from soft delete' }] : []),
      ...(live.copy?.disabled ? [{ field: 'copy', from: 'disabled', to: 'enabled', why: 'the vault does not serve it' }] : []),
      ...identityDifferences(spec, live),
      ...superfluous(spec, live, now),
    ],

    async reconcile(spec, live, run) {
      const { tenantId, objectId } = spec
      if (isBeingProven()) return live?.inHand === undefined ? awaitMade() : prove(spec, live.inHand)
      const { copy } = live ?? {}
      if (copy?.deleted) return ports.keyVault.recoverSecret(copy.vault, copy.name)
      if (copy?.disabled && copy.version !== undefined) return ports.keyVault.enableSecret(copy.vault, copy.name, copy.version)
      if (live && !isDeepStrictEqual(ownership(live.marked, run.owner), { is: 'ours' })) await putMark(live, run)
      for (const { keyId } of live ? unused(spec, live, run.now) : []) {
        // Replicas still show and accept it for a while: it must not be delivered any more.
        inHand.delete(keyId)
        delivered.clear()
        await ports.directory.removePassword(tenantId, objectId, keyId)
      }
      if (live && secretDue(spec, live, run.now).length === 0)
        return identityDifferences(spec, live).length > 0 ? redirect(ports, spec, live) : deliverCopy(ports, spec, live, run)
      if (live) awaitDelivered(live)
      if (live?.inHand !== undefined) return proveAndDeliver(spec, live, live.inHand, run)
      awaitMade()
      const { keyId, value } = await ports.directory.addPassword(tenantId, objectId, await password(spec, run))
      inHand.set(keyId, { value, accepted: 0, missed: 0 })
    },

    async remove(live) {
      const { registration, objectId, copy, organization, identityId } = live
      if (organization && identityId && live.dynamics) {
        // Another profile may point to it.
        const users = await ports.dataverse.usersOf(organization, 'managedidentities', identityId)
        if (users.length === 0) await ports.dataverse.deleteRow(organization, 'managedidentities', identityId)
      }
      if (copy?.version !== undefined) await ports.keyVault.deleteSecret(copy.vault, copy.name)
      for (const { keyId, unsure } of live.ours)
        if (objectId !== undefined && !unsure) await ports.directory.removePassword(registration.tenantId, objectId, keyId)
    },
  }

  /** It was seen often enough while it was being proven. The last write is a delivery, and no other service has lagging replicas. */
  function isKnown({ keyId = '', registration }: Live): boolean {
    return delivered.has(keyId) && ports.reads.shown(registration, keyId) >= confirmations
  }

  /** The mark of the vault's copy: KV-App's secrets have theirs in their names. */
  async function putMark({ copy, organizationId }: Live, { owner }: Run): Promise<void> {
    if (copy?.version === undefined) return
    const tags = { ...copy.tags, ...vaultTags(owner, organizationId) }
    await ports.keyVault.tagSecret(copy.vault, copy.name, copy.version, tags)
  }

  async function password({ lifetimeDays, delivery, store }: Spec, run: Run) {
    const madeFor = delivery ? await ports.reads.organizationId(delivery.organization) : store
    return {
      displayName: credentialName(run.owner, madeFor, randomUUID()),
      start: run.now.toISOString(),
      end: new Date(run.now.getTime() + lifetimeDays * day).toISOString(),
    }
  }

  /**
   * More than one acceptance is missing: such a poll delivers nothing, and only KV-App is read for it. The vault and Dynamics are read
   * again for the poll that may deliver.
   */
  function isBeingProven(): boolean {
    return [...inHand.values()].some(({ accepted, missed }) => accepted < acceptances - 1 && missed < mostMissingPolls)
  }

  /** Throws unless Entra has now accepted it often enough. */
  async function prove({ tenantId, clientId }: Spec, keyId: string): Promise<void> {
    const held = inHand.get(keyId)
    if (!held) return
    held.accepted = (await ports.signIn.accepts(tenantId, clientId, held.value)) ? held.accepted + 1 : 0
    if (held.accepted < acceptances) throw waiting(`Entra to accept the new secret (${held.accepted} of ${acceptances} checks)`)
  }

  async function proveAndDeliver(spec: Spec, live: Live, keyId: string, run: Run): Promise<void> {
    await prove(spec, keyId)
    const held = inHand.get(keyId)
    if (!held) return
    await deliver(ports, spec, live, { keyId, value: held.value, replaced: noteOfFormer(live) }, run)
    inHand.delete(keyId)
    delivered.set(keyId, 0)
  }

  /** A lagging replica does not show what was just delivered: that is no reason for another secret. */
  function awaitDelivered(live: Live): void {
    const keyId = live.vault ?? live.dynamics ?? ''
    const missed = inUse(live) ? undefined : delivered.get(keyId)
    if (missed === undefined || missed >= mostMissingPolls) return
    delivered.set(keyId, missed + 1)
    throw waiting('KV-App to show its new secret')
  }

  /** Nor does it show a new secret at once: that is no reason for a second one. */
  function awaitMade(): void {
    for (const held of inHand.values()) if (held.missed++ < mostMissingPolls) throw waiting('KV-App to show its new secret')
  }
}

/** Will a policy stop the next secret, or the first if there is none yet? */
const policies = (
  { tenantId, lifetimeDays, renewBeforeDays, renewEarlierDays }: Partial<Spec> & Registration,
  { restrictions, created, expires }: Pick<Live, 'restrictions'> & Partial<Live>,
  now: Date,
) => {
  if (lifetimeDays === undefined || renewBeforeDays === undefined) return []
  const renewal = { tenantId, created, at: renewalAt(expires, now, renewBeforeDays, renewEarlierDays), days: lifetimeDays }
  return secretPolicy(restrictions, { ...renewal, ...(expires === undefined && { isFirst: true }) })
}

const waiting = (what: string): HmaError => new HmaError('HMA506', `waiting for ${what}`, { retryable: true })

/** Dynamics signs in as another application than KV-App, or not with the secret. */
const identityDifferences = ({ clientId, tenantId }: Partial<Spec>, { identity }: Live): readonly Difference[] =>
  identity ? fields(identityOf(clientId, tenantId), identity, ['applicationId', 'tenantId', 'credentialSource']) : []

const identityOf = (clientId: string | undefined, tenantId: string | undefined) => ({
  applicationId: clientId?.toLowerCase(),
  tenantId: tenantId?.toLowerCase(),
  credentialSource: 0,
})

async function redirect({ dataverse }: Pick<Ports, 'dataverse'>, { delivery, clientId, tenantId }: Spec, live: Live) {
  if (delivery && live.identityId !== undefined)
    await dataverse.putIdentity(delivery.organization, {
      id: live.identityId,
      applicationId: clientId,
      tenantId,
      credentialSource: 0,
    })
}

/** Our secrets that are no longer used, or never were. */
const superfluous = (spec: Partial<Lifetime>, live: Live, now: Date): Difference[] =>
  unused(spec, live, now).map((one) => ({
    field: 'credentials',
    from: one.keyId,
    reason: 'superseded',
    why: wasNeverDelivered(one, live) ? 'created but never delivered' : `its ${spec.overlapDays} days of overlap have ended`,
  }))
