import type { Profile, ProfileRow } from '../azure/dataverse/port.ts'
import { isOurs, type Marked, ownership } from '../core/ownership.ts'
import { isGuidOfHma, marksInText } from './mark.ts'

/** How a deployment identifies its profile. */
export interface ProfileKey {
  /** The id of the profile that hma makes here. */
  readonly madeId: string
  readonly organizationId: string
  readonly deployment: string
}

export interface FoundProfiles {
  /** The profile of this deployment, if exactly one qualifies. */
  readonly own?: Profile
  /** The one to mention if none qualifies: a copy, or one that could be adopted. */
  readonly other?: Profile
  /** It has no mark and is the only one of its name: it can be adopted as it is. */
  readonly unmarked?: Profile
  /** The ids of all that could be meant, if several. */
  readonly candidates: readonly string[]
}

/** Which of the profiles of one name is ours. The mark decides; between a profile and its clone, the id that hma gave it. */
export function ownProfile(found: readonly Profile[], key: ProfileKey): FoundProfiles {
  const whose = found.map((one) => ({ one, is: ownership(marksOf(one.profile, key), key.deployment).is }))
  const of = (...sort: readonly string[]): Profile[] => whose.flatMap(({ one, is }) => (sort.includes(is) ? [one] : []))
  const ours = of('ours')
  const own = ours.find(({ profile }) => profile.id === key.madeId) ?? (ours.length === 1 ? ours[0] : undefined)
  if (own) return { own, candidates: [] }
  const free = of('another store', 'unmarked')
  const [other, ...more] = ours.length > 0 ? ours : free.length > 0 ? free : of('another deployment')
  const meant = ours.length > 0 ? ours : free
  const [unmarked] = of('unmarked')
  return {
    ...(other && { other }),
    ...(unmarked && found.length === 1 && { unmarked }),
    candidates: other && more.length > 0 ? meant.map(({ profile }) => profile.id) : [],
  }
}

/** Whose a profile is. In a profile that hma made, the id is a mark too: someone may have edited the description. */
export function marksOf({ id, description }: ProfileRow, { madeId, organizationId, deployment }: ProfileKey): Marked {
  const written = marksInText(description)
  const marks =
    written.length === 0 && id === madeId
      ? [{ deployment }]
      : written.map((mark) => (isElsewhere(id, madeId) ? { store: unknown, ...mark } : mark))
  return { marks, stores: [organizationId], copied: true }
}

/** Earlier versions did not write the organization, but an id that hma uses elsewhere shows that the row came from there. */
const isElsewhere = (id: string, madeId: string): boolean => isGuidOfHma(id) && id.toLowerCase() !== madeId.toLowerCase()

const unknown = 'another environment'

export const isOwn = (profile: ProfileRow, key: ProfileKey): boolean => isOurs(marksOf(profile, key), key.deployment)
