import { v5 } from 'uuid'
import type { Mark } from '../core/ownership.ts'

/** How each type of object carries its mark: written and read here and nowhere else. */

type Tags = Readonly<Record<string, string>>

/** Alternate key of a registration: two concurrent runs make one (https://learn.microsoft.com/graph/api/resources/application#properties). */
export const uniqueName = (owner: string, role: string): string => `hma-${owner}-${role}`

/** Tag of a registration that hma manages, for each deployment that uses it. */
export const tag = (deployment: string): string => `hma:${deployment}`

/** Tag of a registration that hma made itself, and may therefore delete. */
export const madeTag = (deployment: string): string => `hma-made:${deployment}`

/** Made by some deployment of hma. */
export const isMade = (tags: readonly string[]): boolean => tags.some((one) => one.startsWith('hma-made:'))

export const marksInTags = (tags: readonly string[]): Mark[] =>
  tags.filter((one) => one.startsWith('hma:')).map((one) => ({ deployment: one.slice('hma:'.length) }))

/** Display name of a credential: the store it was made for, and what distinguishes it. Entra allows 90 characters. */
export const credentialName = (deployment: string, store: string, nonce: string): string =>
  ['hma', deployment, store.toLowerCase(), nonce.replaceAll('-', '').slice(0, 16)].join(':')

/** Earlier versions did not name the store. */
export function marksInName(displayName: string | undefined): Mark[] {
  const [head, deployment, ...rest] = displayName?.split(':') ?? []
  if (head !== 'hma' || !deployment || rest.length === 0) return []
  const [store] = rest.length > 1 ? rest : []
  return [{ deployment, ...(store && { store }) }]
}

/** An organization of Dynamics 365, and where it is. */
export interface DynamicsEnvironment {
  readonly id: string
  readonly url: string
}

const sentence = /Managed by hma, deployment ([a-z0-9-]{1,32})(?:, organization ([0-9a-f-]{36})(?: \(([^\s)]*)\))?)?\./gi

/** What the mark looks like in a description. */
export const sentenceOf = (deployment: string, environment?: DynamicsEnvironment): string =>
  `Managed by hma, deployment ${deployment}${environment ? `, organization ${environment.id} (${environment.url})` : ''}.`

export const marksInText = (text: string | null | undefined): Mark[] =>
  [...(text ?? '').matchAll(sentence)].map(([, deployment = '', store, place]) => ({
    deployment,
    ...(store !== undefined && { store: store.toLowerCase() }),
    ...(place && { place }),
  }))

/** The description with our mark, and without the mark of an environment from which it was copied. */
export function markedText(text: string | undefined, deployment: string, environment: DynamicsEnvironment): string {
  const rest = (text ?? '').replace(sentence, (found) => (isReplaced(found, deployment, environment) ? '' : found))
  return [rest.trim(), sentenceOf(deployment, environment)].filter(Boolean).join('\n')
}

function isReplaced(found: string, deployment: string, { id }: DynamicsEnvironment): boolean {
  const [mark] = marksInText(found)
  return mark?.deployment === deployment || (mark?.store !== undefined && mark.store !== id.toLowerCase())
}

const vaultTag = 'hma-deployment'
const organizationTag = 'hma-organization'

/** Tags of an object in Key Vault and of a vault; with the organization, if the object is only for that one. */
export const vaultTags = (deployment: string, organization?: string): Tags => ({
  [vaultTag]: deployment,
  ...(organization !== undefined && { [organizationTag]: organization }),
})

const madeVaultTag = 'hma-made'

/** Tags of a vault that hma makes itself. */
export const madeVaultTags = (deployment: string): Tags => ({ ...vaultTags(deployment), [madeVaultTag]: deployment })

/** The vault was made by some deployment of hma. */
export const isMadeVault = (tags: Tags): boolean => tags[madeVaultTag] !== undefined

export function marksInVaultTags(tags: Tags | undefined): Mark[] {
  const [deployment, store] = [tags?.[vaultTag], tags?.[organizationTag]]
  return deployment === undefined ? [] : [{ deployment, ...(store !== undefined && { store }) }]
}

/**
 * The row's name carries the keyId: the value can never be read back, so this is the witness of what was delivered, what that
 * replaced, and which organization got it. Dataverse allows 100 characters, which leaves room for the first digits only.
 */
export const witnessName = (deployment: string, { keyId, replaced, store }: Witness): string =>
  [
    `hma ${deployment} ${keyId}`,
    ...(replaced === undefined ? [] : [`after ${replaced}`]),
    ...(store === undefined ? [] : [`in ${store.slice(0, 8)}`]),
  ].join(' ')

export interface Witness {
  readonly keyId: string
  readonly replaced?: string
  readonly store?: string
}

export function readWitness(name: string | undefined): (Witness & Pick<Mark, 'deployment'>) | undefined {
  const [, deployment, keyId, replaced, store] = /^hma (\S+) (\S+)(?: after (\S+))?(?: in (\S+))?$/.exec(name ?? '') ?? []
  if (!deployment || !keyId) return undefined
  return {
    deployment,
    keyId: keyId.toLowerCase(),
    ...(replaced !== undefined && { replaced }),
    ...(store !== undefined && { store }),
  }
}

/** hma's own GUIDs (RFC 9562, version 5): an object that is made again gets the same one. */
const namespace = '6f1d4a52-93c8-5b0e-9e1a-7c0f2b6d8e34'

export const guid = (...parts: readonly string[]): string => v5(parts.map((part) => part.toLowerCase()).join('\n'), namespace)

/** Only hma gives rows such GUIDs: a row with one that differs from the GUID used here was made in another environment. */
export const isGuidOfHma = (id: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id)
