import type { PasswordCredential } from '../../azure/directory/port.ts'
import { expiring } from '../../core/diff.ts'
import type { Difference, Observation } from '../../core/kind.ts'
import { elapsed, hasBegun } from '../../core/time.ts'

/** How long a secret lives, and when it is replaced. */
export type Lifetime = {
  readonly lifetimeDays: number
  readonly renewBeforeDays: number
  /** So many days earlier still, where renewals are spread. */
  readonly renewEarlierDays?: number
  readonly overlapDays: number
  /** keyId of a secret to replace regardless of its age (`hma rotate clientSecret`). */
  readonly otherThan?: string
}

export type HeldSecret = Pick<PasswordCredential, 'keyId' | 'start' | 'end'> & {
  /** An earlier version made it without naming the store, so a copy of the environment may use it. */
  readonly unsure?: true
}

/** Our secrets on KV-App, and who holds which. A store that is not configured is absent; an empty one is `null`. */
export type SecretState = {
  readonly ours: readonly HeldSecret[]
  readonly vault?: string | null
  readonly dynamics?: string | null
  /** keyIds that the vault may hold instead of `vault`: two runs delivered within the same second. */
  readonly rivals?: readonly string[]
  /** One of ours may be in use all the same: in a row without our witness, or by someone who was shown the vault's copy. */
  readonly unwitnessed?: true
  /** The note of the one replaced, written when the one in use was delivered. */
  readonly replaced?: string
  /** ISO instant by which Dynamics had been given its secret. */
  readonly since?: string
  /** A secret that this process created and has not delivered yet. */
  readonly inHand?: string
}

/** The secret in use: the one that the first store holds, if KV-App still has it. The vault's copy can be delivered again. */
export const inUse = ({ ours, vault, dynamics }: SecretState): HeldSecret | undefined =>
  ours.find((one) => one.keyId === (vault ?? dynamics))

/** Why a new secret is needed. Pure. */
export function secretDue(
  { renewBeforeDays, renewEarlierDays, otherThan }: Partial<Lifetime>,
  state: SecretState,
  now: Date,
): Difference[] {
  const current = inUse(state)
  const holder = state.vault === undefined ? 'Dynamics' : 'the vault'
  const held = state.vault ?? state.dynamics
  if (!current)
    return [
      {
        field: 'keyId',
        ...(held && { from: held }),
        why: held
          ? `the secret that ${holder} holds is not a credential of KV-App for this deployment`
          : `${holder} holds no secret of KV-App`,
      },
    ]
  return [
    ...(state.vault === null
      ? [{ field: 'copy', why: 'the vault holds no copy, and the value of the current secret cannot be read' }]
      : []),
    ...(otherThan === current.keyId
      ? [{ field: 'keyId', from: current.keyId, reason: 'requested' as const, why: 'rotation requested' }]
      : []),
    ...(hasBegun(current.start, now)
      ? []
      : [{ field: 'keyId', from: current.keyId, why: `it is valid from ${current.start} only` }]),
    ...(renewBeforeDays === undefined ? [] : expiring(current.end, renewBeforeDays, now, renewEarlierDays)),
  ]
}

/** Two runs delivered within the same second: which of the two the vault serves cannot be seen. */
export function ambiguous({ ours, vault, rivals = [] }: SecretState): Difference[] {
  const others = rivals.filter((rival) => rival !== vault && ours.some(({ keyId }) => keyId === rival))
  const why = 'another one was put in the vault in the same second: which one the vault serves is unclear'
  return others.map((rival) => ({ field: 'copy', from: rival, to: vault, why }))
}

/** Dynamics holds another secret than the vault, whose copy can be delivered. */
export function undelivered(state: SecretState): Difference[] {
  const current = inUse(state)
  if (!current || state.vault === undefined || state.dynamics === undefined || state.dynamics === current.keyId) return []
  return [
    {
      field: 'delivered',
      ...(state.dynamics && { from: state.dynamics }),
      to: current.keyId,
      why: 'Dynamics does not hold the secret of the vault',
    },
  ]
}

/** The former ones' overlap is over: the one in use has been held that long. */
function overlapIsOver({ overlapDays }: Partial<Lifetime>, state: SecretState, now: Date): boolean {
  const { start = '' } = inUse(state) ?? {}
  const { since = '' } = state
  return overlapDays !== undefined && start !== '' && elapsed(since > start ? since : start, overlapDays, now)
}

/**
 * Our unused secrets. Foreign ones are not included.
 *
 * Former ones are removed after their overlap; those never delivered, once the run that created them is surely dead. While none is in use, only
 * those certainly held by no one are removed.
 */
export function unused(lifetime: Partial<Lifetime>, state: SecretState, now: Date): HeldSecret[] {
  const { vault, dynamics, unwitnessed, inHand, rivals = [] } = state
  const awaited = secretDue(lifetime, state, now).length > 0 ? inHand : undefined
  const free = state.ours.filter(({ keyId, unsure }) => !unsure && ![vault, dynamics, awaited, ...rivals].includes(keyId))
  if (!inUse(state)) return vault || dynamics || unwitnessed || inHand ? [] : free.filter((one) => isAbandoned(one, now))
  const over = overlapIsOver(lifetime, state, now)
  return free.filter((one) => one.keyId === inHand || (wasNeverDelivered(one, state) ? isAbandoned(one, now) : over))
}

/** A run older than this is dead. Until then it may be about to deliver what it created. */
const longestRun = 3_600_000

const isAbandoned = ({ start }: HeldSecret, now: Date): boolean => now.getTime() >= Date.parse(start) + longestRun

/** Every delivery notes which secret it replaced: one created since then that is neither of the two was never delivered. */
export function wasNeverDelivered(one: HeldSecret, state: SecretState): boolean {
  const { replaced } = state
  const { start = '' } = inUse(state) ?? {}
  const former = state.ours.find(({ keyId }) => replaced !== undefined && noteOf(keyId) === replaced)
  return former ? one.keyId !== former.keyId && one.start >= former.start : replaced === nothing || one.start > start
}

/** What an interrupted run left, as long as it may still be about to deliver it. */
export function undeliveredYet(state: SecretState, now: Date): Observation[] {
  const { vault, dynamics, rivals = [] } = state
  if (!inUse(state)) return []
  const free = state.ours.filter(({ keyId, unsure }) => !unsure && ![vault, dynamics, ...rivals].includes(keyId))
  const left = free.filter((one) => wasNeverDelivered(one, state) && !isAbandoned(one, now))
  return left.map(({ keyId, start }) => ({
    severity: 'info',
    text: `A run created the client secret ${noteOf(keyId)} of KV-App and has not delivered it. It was interrupted, or is still going on.`,
    hint: `The first \`hma apply\` after ${new Date(Date.parse(start) + longestRun).toISOString().slice(0, 16)}Z removes it.`,
  }))
}

const nothing = 'none'

/** There is no room for a second full keyId. */
export const noteOf = (keyId: string): string => keyId.slice(0, 8)

/** The note of the replaced one; if none is in use, that there was none that works, or that it is unknown. */
export function noteOfFormer(state: SecretState): string {
  const current = inUse(state)
  if (current) return noteOf(current.keyId)
  return state.unwitnessed ? 'unknown' : nothing
}
