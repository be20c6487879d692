import { guid, isGuidOfHma, marksInTags, marksInText } from '../../resources/mark.ts'
import type { Discovery } from '../discovery.ts'
import { known } from '../readResult.ts'
import type { ImportRemark } from '../remark.ts'

/** A deployment for which the user already has a configuration. */
export interface ExistingDeployment {
  readonly name: string
  readonly environmentUrl?: string
  readonly profile?: string
}

/**
 * The deployment's name: from the user's own configuration of this profile, from marks that hma left before, or else
 * from the environment's host. Always unique: a name used for another environment is not used again.
 */
export function deploymentName(found: Discovery, neighbours: readonly ExistingDeployment[]): string {
  const { environmentUrl, hasSiblings, rows } = found
  const mine = neighbours.find((one) => isSame(one.environmentUrl, environmentUrl) && one.profile === rows.profile.name)
  if (mine) return mine.name
  const taken = new Set(neighbours.map(({ name }) => name))
  const before = marked(found)
  if (before !== undefined && copiedFrom(found) === undefined && !taken.has(before)) return before
  const [label = ''] = new URL(environmentUrl).hostname.split('.')
  const wanted = slug(hasSiblings ? `${label}-${rows.profile.name}` : label)
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted.slice(0, 28)}-${number}`
    if (!taken.has(name) && name !== before) return name
  }
}

/** Why it does not have the name in its marks. */
export function nameRemarks(found: Discovery, neighbours: readonly ExistingDeployment[]): readonly ImportRemark[] {
  const before = marked(found)
  const name = deploymentName(found, neighbours)
  if (before === undefined || name === before) return []
  const other = neighbours.find((one) => one.name === before)
  const where = copiedFrom(found) ?? other?.environmentUrl ?? 'another environment'
  return [
    {
      at: 'name',
      message: `The name ${before} is used for ${where}: the marks here came from there, with a copy. The name ${name} is free.`,
      next: `Give another certificate.name too: the certificate belongs to ${before}. \`hma adopt\` takes the copied profile over with a secret of its own; ${before} keeps its own.`,
    },
  ]
}

/** The environment from which the profile was copied, including the mark. */
function copiedFrom({ environmentUrl, rows: { profile } }: Discovery): string | undefined {
  const [mark] = marksInText(profile.description)
  if (!mark) return undefined
  if (mark.place !== undefined) return isSame(mark.place, environmentUrl) ? undefined : mark.place
  const made = guid(environmentUrl, mark.deployment, 'emailserverprofile')
  return isGuidOfHma(profile.id) && profile.id !== made ? 'another environment' : undefined
}

const isSame = (one: string | undefined, other: string): boolean =>
  one?.toLowerCase().replace(/\/$/, '') === other.toLowerCase().replace(/\/$/, '')

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-|-$/g, '') || 'hma'

/** hma's marks are in a profile's description and among a registration's tags. */
export function marked({ rows, keyVaultApp, hmaApp }: Discovery): string | undefined {
  const [written] = marksInText(rows.profile.description)
  const owners = [known(keyVaultApp.application), known(hmaApp.application)].map((one) =>
    marksInTags(one?.tags ?? []).map(({ deployment }) => deployment),
  )
  const [ofReader = [], ofHma = []] = owners
  const common = ofReader.filter((name) => ofHma.includes(name))
  return written?.deployment ?? (common.length === 1 ? common[0] : undefined)
}
