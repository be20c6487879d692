import type { ProfileRow } from '../azure/dataverse/port.ts'
import { HmaError } from '../core/errors.ts'

/** `incomingcredentialretrieval` (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile). */
const retrievals: Readonly<Record<number, string>> = {
  0: 'credentials of a user or queue',
  1: 'credentials in the profile',
  2: 'server to server',
  3: 'Windows integrated',
  4: 'anonymous',
  5: 'Gmail OAuth',
  6: 'Hybrid Modern Auth',
  7: 'OAuth with Entra ID',
}

export const hybridModernAuth = 6

/** The meaning of a retrieval number. */
export const retrievalName = (retrieval: number | undefined): string =>
  retrieval === undefined ? 'nothing' : (retrievals[retrieval] ?? `retrieval ${retrieval}`)

const isHybrid = ({ incomingCredentialRetrieval, outgoingCredentialRetrieval }: ProfileRow): boolean =>
  incomingCredentialRetrieval === hybridModernAuth || outgoingCredentialRetrieval === hybridModernAuth

export interface Choice {
  readonly profile: ProfileRow
  /** The environment has other profiles with Hybrid Modern Authentication. */
  readonly hasSiblings: boolean
}

/** The profile that is meant. Throws if there is none, or several. */
export function chooseProfile(all: readonly ProfileRow[], name: string | undefined, environmentUrl: string): Choice {
  const profiles = all.toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
  const hybrid = profiles.filter(isHybrid)
  const meant = name === undefined ? hybrid : named(profiles, name, environmentUrl)
  const [profile, ...others] = meant
  if (!profile) throw none(profiles, environmentUrl)
  if (others.length > 0) throw several(meant, name, environmentUrl)
  if (!isHybrid(profile))
    throw new HmaError(
      'HMA131',
      `The email server profile ${quoted(profile)} signs in by ${retrievalName(profile.incomingCredentialRetrieval)}, not by Hybrid Modern Auth`,
      { hint: hybrid.length > 0 ? `With Hybrid Modern Auth there is: ${list(hybrid)}.` : writeOne },
    )
  return { profile, hasSiblings: hybrid.length > 1 }
}

function named(profiles: readonly ProfileRow[], name: string, environmentUrl: string): readonly ProfileRow[] {
  const wanted = name.toLowerCase()
  const found = profiles.filter((one) => one.name.toLowerCase() === wanted || one.id.toLowerCase() === wanted)
  const exact = found.filter((one) => one.name === name)
  if (found.length > 0) return exact.length > 0 ? exact : found
  throw new HmaError('HMA131', `There is no email server profile "${name}" in ${environmentUrl}`, {
    hint: profiles.length > 0 ? `There is: ${list(profiles)}.` : writeOne,
  })
}

const writeOne = 'If there is no profile yet, write a configuration; `hma apply` creates the profile.'

const quoted = ({ name }: ProfileRow): string => `"${name}"`

const list = (profiles: readonly ProfileRow[]): string => profiles.map(quoted).join(', ')

const none = (profiles: readonly ProfileRow[], environmentUrl: string): HmaError =>
  new HmaError('HMA131', `No email server profile of ${environmentUrl} signs in by Hybrid Modern Auth${instead(profiles)}`, {
    hint: writeOne,
  })

const instead = (profiles: readonly ProfileRow[]): string => {
  const others = profiles.map((one) => `${quoted(one)} (${retrievalName(one.incomingCredentialRetrieval)})`)
  return others.length === 0 ? ': the environment has none' : `. There is: ${others.join(', ')}`
}

function several(meant: readonly ProfileRow[], name: string | undefined, environmentUrl: string): HmaError {
  if (name === undefined)
    return new HmaError(
      'HMA132',
      `${meant.length} email server profiles of ${environmentUrl} sign in by Hybrid Modern Auth: ${list(meant)}`,
      {
        hint: 'Choose one with --profile NAME.',
      },
    )
  return new HmaError('HMA132', `${meant.length} email server profiles of ${environmentUrl} are named "${name}"`, {
    hint: `Choose one by its id: ${meant.map(({ id }) => `--profile ${id}`).join(' or ')}. Then give all but one another name: hma finds a profile by its name.`,
  })
}
