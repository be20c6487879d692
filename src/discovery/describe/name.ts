import { marksInTags, marksInText } from '../../resources/mark.ts'
import type { Discovery } from '../discovery.ts'
import { known } from '../look.ts'

/** A deployment that the operator has a configuration of already. */
export interface Neighbour {
  readonly name: string
  readonly environmentUrl?: string
  readonly profile?: string
}

/**
 * How the deployment is called: as the marks say that hma left before, as the operator's own configuration of this profile says,
 * or else after the host of the environment. Unlike every other deployment.
 */
export function deploymentName(found: Discovery, neighbours: readonly Neighbour[]): string {
  const { environmentUrl, oneOfSeveral, rows } = found
  const mine = neighbours.find((one) => one.environmentUrl === environmentUrl && one.profile === rows.profile.name)
  const before = mine?.name ?? marked(found)
  if (before !== undefined) return before
  const [label = ''] = new URL(environmentUrl).hostname.split('.')
  const wanted = slug(oneOfSeveral ? `${label}-${rows.profile.name}` : label)
  const taken = new Set(neighbours.map(({ name }) => name))
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted.slice(0, 28)}-${number}`
    if (!taken.has(name)) return name
  }
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-|-$/g, '') || 'hma'

/** The marks of hma are in the description of a profile and among the tags of a registration. */
export function marked({ rows, keyVaultApp, hmaApp }: Discovery): string | undefined {
  const [written] = marksInText(rows.profile.description)
  const owners = [known(keyVaultApp.application), known(hmaApp.application)].map((one) =>
    marksInTags(one?.tags ?? []).map(({ deployment }) => deployment),
  )
  const [ofReader = [], ofHma = []] = owners
  const common = ofReader.filter((name) => ofHma.includes(name))
  return written?.deployment ?? (common.length === 1 ? common[0] : undefined)
}
