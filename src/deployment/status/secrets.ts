import type { Configuration } from '../../config/schema.ts'
import type { Values } from '../../core/kind.ts'
import { renewsFrom } from '../../core/time.ts'
import { secretEarlier } from '../renewal/spread.ts'
import { blocksAt, partAt, textAt } from '../seen.ts'
import { daysAfter, expiry, type Moment } from './expiry.ts'

/** What a survey saw of KV-App's secrets. */
export interface SecretsSeen {
  readonly live: Values | undefined
  /** Who holds which secret could not be read. */
  readonly holdersUnknown: boolean
}

type Holder = 'dynamics' | 'vault'

const holdersOf: readonly Holder[] = ['dynamics', 'vault']

/** hma's secrets on KV-App, newest first, with their holders. Never a value. */
export function secretsStatus(configuration: Configuration, { live, holdersUnknown }: SecretsSeen, moment: Moment) {
  const { renewBeforeDays, overlapDays } = configuration.keyVaultApp.clientSecret
  const renewEarlierDays = secretEarlier(configuration)
  const held = { dynamics: heldBy(live, 'dynamics'), vault: heldBy(live, 'vault') }
  const ours = blocksAt(live, 'ours')
  const current = ours.find((one) => one.keyId === (held.vault ?? held.dynamics))
  const start = textAt(current, 'start')
  const since = [start ?? '', textAt(live, 'since') ?? ''].sort().at(-1) ?? ''
  return ours
    .map((one) => {
      const end = textAt(one, 'end') ?? ''
      const holders = holdersOf.filter((holder) => held[holder] === one.keyId)
      const renewal = holders.length > 0 ? new Date(renewsFrom(end, renewBeforeDays, renewEarlierDays)).toISOString() : null
      const state = stateOf(textAt(one, 'start') ?? '', { holders, start, holdersUnknown })
      return {
        keyId: textAt(one, 'keyId') ?? '',
        ...expiry(end, moment, renewal ?? undefined),
        state,
        heldBy: holders,
        renewal,
        ...(renewal !== null && renewEarlierDays > 0 && { renewEarlierDays }),
        until: state === 'former' ? daysAfter(since, overlapDays) : null,
      }
    })
    .reverse()
}

/** A copy in soft delete is of no use. */
function heldBy(live: Values | undefined, holder: Holder): string | undefined {
  if (holder === 'vault' && partAt(live, 'copy', 'deleted') === true) return undefined
  return textAt(live, holder)
}

interface Use {
  readonly holders: readonly Holder[]
  /** When the one in use was created. */
  readonly start: string | undefined
  readonly holdersUnknown: boolean
}

type State = 'held' | 'former' | 'undelivered' | 'unclaimed' | 'unknown'

function stateOf(made: string, { holders, start, holdersUnknown }: Use): State {
  if (holders.length > 0) return 'held'
  if (holdersUnknown) return 'unknown'
  if (start === undefined) return 'unclaimed'
  return made > start ? 'undelivered' : 'former'
}

/** What Dynamics holds; null if the configuration leaves Dynamics out. */
export function dynamicsStatus(
  { dynamics }: Configuration,
  { profile, live, unread }: { profile: Values | undefined; live: Values | undefined; unread: boolean },
) {
  if (!dynamics) return null
  return {
    environmentUrl: dynamics.environmentUrl,
    profile: dynamics.profile.name,
    /** Unknown whether there is a profile: it could not be read. */
    ...(unread && { unread }),
    profileId: textAt(profile, 'id') ?? null,
    certificateName: textAt(profile, 'reference', 'keyName') ?? null,
    hmaApplicationId: textAt(profile, 'profile', 'clientId') ?? null,
    /** keyId of the secret that hma delivered last. */
    secret: textAt(live, 'dynamics') ?? null,
  }
}
