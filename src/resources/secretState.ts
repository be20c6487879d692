import type { PasswordCredential } from '../azure/directory.ts'
import { daysAfter, expiring } from '../core/diff.ts'
import type { Difference } from '../core/kind.ts'

/** How long a secret lives, and when it gives way to a new one. */
export type Lifetime = {
  readonly lifetimeDays: number
  readonly renewBeforeDays: number
  readonly overlapDays: number
  /** keyId of a secret that is to be replaced whatever its age (`hma rotate clientSecret`). */
  readonly otherThan?: string
}

export type Held = Pick<PasswordCredential, 'keyId' | 'start' | 'end'>

/** The secrets of ours on KV-App, and who holds which. A store that is not asked for is absent; one that is empty holds `null`. */
export type SecretState = {
  readonly ours: readonly Held[]
  readonly vault?: string | null
  readonly dynamics?: string | null
  /** A secret that this very process made and has not delivered yet. */
  readonly inHand?: string
}

/** The secret that is in use: the one that the first store holds, if KV-App still knows it. The vault's copy can be delivered again. */
export const inUse = ({ ours, vault, dynamics }: SecretState): Held | undefined =>
  ours.find((one) => one.keyId === (vault ?? dynamics))

/** Why a new secret is needed. Pure. */
export function secretDue({ renewBeforeDays, otherThan }: Partial<Lifetime>, state: SecretState, now: Date): Difference[] {
  const current = inUse(state)
  const holder = state.vault === undefined ? 'Dynamics' : 'the vault'
  const held = state.vault ?? state.dynamics
  if (!current)
    return [
      {
        field: 'keyId',
        ...(held && { from: held }),
        why: held ? `the secret that ${holder} holds is no credential of KV-App any more` : `${holder} holds no secret of KV-App`,
      },
    ]
  return [
    ...(state.vault === null
      ? [{ field: 'copy', why: 'the vault holds no copy, and the value of the present secret cannot be read' }]
      : []),
    ...(otherThan === current.keyId
      ? [{ field: 'keyId', from: current.keyId, reason: 'requested' as const, why: 'a new one was asked for' }]
      : []),
    ...(renewBeforeDays === undefined ? [] : expiring(current.end, renewBeforeDays, now)),
  ]
}

/** Dynamics holds another secret than the vault, from which it can be delivered. */
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

/**
 * Secrets of ours that nobody uses: those made and never delivered (always younger than the one in use, since a run
 * that makes one removes such first), and former ones whose overlap is over. Foreign ones are not among them.
 */
export function unused({ overlapDays }: Partial<Lifetime>, state: SecretState, now: Date): Held[] {
  const current = inUse(state)
  const free = state.ours.filter(({ keyId }) => keyId !== state.vault && keyId !== state.dynamics && keyId !== state.inHand)
  if (!current) return state.inHand === undefined && !state.vault ? free : []
  const over = overlapDays !== undefined && now.getTime() >= daysAfter(current.start, overlapDays)
  return free.filter((one) => over || Date.parse(one.start) > Date.parse(current.start))
}
