import { v5 } from 'uuid'

/** Alternate key of a registration: two runs at once make one (https://learn.microsoft.com/graph/api/resources/application#properties). */
export const uniqueName = (owner: string, role: string): string => `hma-${owner}-${role}`

/** Tag of a registration that hma looks after, for each deployment that uses it. */
export const tag = (owner: string): string => `hma:${owner}`

/** Tag of a registration that hma made itself, and may therefore delete. */
export const madeTag = (owner: string): string => `hma-made:${owner}`

/** The deployments that marked a registration. */
export const ownersOf = (tags: readonly string[]): string[] =>
  tags.filter((one) => one.startsWith('hma:')).map((one) => one.slice('hma:'.length))

/** Display name of a credential of ours; what follows the deployment's name tells one from another. */
export const credentialName = (owner: string, nonce: string): string => `hma:${owner}:${nonce}`

export const isOurs = (displayName: string | undefined, owner: string): boolean =>
  displayName?.startsWith(`hma:${owner}:`) ?? false

/** What the mark looks like in the description of a profile that has a GUID of its own. */
export const profileMark = (owner: string): string => `Managed by hma, deployment ${owner}.`

/** Tag of an object in Key Vault, and of a vault. */
export const vaultTag = 'hma-deployment'

/** Names of hma's own GUIDs (RFC 9562, version 5): an object that is made again gets the name it had. */
const namespace = '6f1d4a52-93c8-5b0e-9e1a-7c0f2b6d8e34'

export const guid = (...parts: readonly string[]): string => v5(parts.map((part) => part.toLowerCase()).join('\n'), namespace)
