import { attributesView, deletionView, find } from '../erasable.ts'
import { notFound } from '../errors.ts'
import type { RequestContext } from '../requestContext.ts'
import type { Attributes, Certificate, Key, ReleasePolicy, Tags } from '../state.ts'
import { publicNumbers, specOf } from './keyPairs.ts'

/** A version of a key in use, its own or that of a certificate. */
export interface UsableKey {
  readonly name: string
  readonly version: string
  /** PKCS#8, PEM. */
  readonly privateKey: string
  /** `RSA`, `EC`, or the same with `-HSM`. */
  readonly kty: string
  readonly operations: readonly string[]
  readonly attributes: Attributes
  readonly tags: Tags | undefined
  readonly exportable: boolean
  readonly releasePolicy?: ReleasePolicy
  readonly managed: boolean
}

/** A key on a curve signs; an RSA key can encrypt as well. */
export const operationsFor = (kty: string): string[] =>
  kty.startsWith('EC') ? ['sign', 'verify'] : ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey']

export const ofKey = ({ name, versions }: Key): readonly UsableKey[] =>
  versions.map(({ tags, ...version }) => ({ exportable: false, ...version, name, tags, managed: false }))

const ofCertificate = ({ name, versions }: Certificate): readonly UsableKey[] =>
  versions.map(({ version, privateKey, attributes, tags, exportable }) => {
    const kty = specOf(privateKey)?.kty ?? 'RSA'
    return { name, version, privateKey, kty, operations: operationsFor(kty), attributes, tags, exportable, managed: true }
  })

/** The versions of the key of this name, oldest first: of a key, or of a certificate. */
export function keyVersionsNamed(asked: RequestContext, name: string): readonly UsableKey[] {
  const { keys = {}, certificates } = asked.var.vault
  const key = find(asked, keys, name)
  if (key) return ofKey(key)
  const certificate = find(asked, certificates, name)
  return certificate ? ofCertificate(certificate) : []
}

/** The version that the request names; without one, the newest. */
export function requiredKey(asked: RequestContext, name: string): UsableKey {
  const version = asked.req.param('version')?.toLowerCase()
  const versions = keyVersionsNamed(asked, name)
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
  if (found) return found
  throw notFound('key', version === undefined ? name : `${name}/${version}`)
}

export const keyIdOf = ({ var: { base } }: RequestContext, { name, version }: Pick<UsableKey, 'name' | 'version'>): string =>
  `${base}/keys/${name}/${version}`

export const keyView = (asked: RequestContext, key: UsableKey) => ({
  key: { kid: keyIdOf(asked, key), kty: key.kty, key_ops: key.operations, ...publicNumbers(key.privateKey) },
  attributes: { ...attributesView(asked, key.attributes), exportable: key.exportable },
  ...(key.tags && { tags: key.tags }),
  ...(key.managed && { managed: true }),
  ...(key.releasePolicy && { release_policy: key.releasePolicy }),
})

export const keyItem = (asked: RequestContext, key: UsableKey, kid = keyIdOf(asked, key)) => ({
  kid,
  attributes: { ...attributesView(asked, key.attributes), exportable: key.exportable },
  ...(key.tags && { tags: key.tags }),
  ...(key.managed && { managed: true }),
})

/** A deleted key, as reading it or as a list shows it. */
export function deletedKeyView(asked: RequestContext, key: Key, of: 'one' | 'list') {
  const newest = ofKey(key).at(-1)
  if (!newest) throw notFound('key', key.name)
  const shown = of === 'one' ? keyView(asked, newest) : keyItem(asked, newest, `${asked.var.base}/keys/${key.name}`)
  return { ...deletionView(asked, 'key', key), ...shown }
}
