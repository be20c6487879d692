import { attributesView, deletionView, find } from '../erasable.ts'
import { badParameter, notFound } from '../errors.ts'
import { toPem } from '../pem.ts'
import { queryOf, type RequestContext } from '../requestContext.ts'
import type { Attributes, Certificate, CertificateVersion, Secret, SecretVersion, Tags } from '../state.ts'

/** A version of a secret as it is read, its own or that of a certificate. */
export interface Readable {
  readonly name: string
  readonly version: string
  readonly value: string
  readonly contentType: string | undefined
  readonly attributes: Attributes
  readonly tags: Tags | undefined
  /** The certificate's version behind a managed secret. */
  readonly certificate: CertificateVersion | undefined
}

export const own = (name: string, { version, value, contentType, attributes, tags }: SecretVersion): Readable => ({
  name,
  version,
  value,
  contentType,
  attributes,
  tags,
  certificate: undefined,
})

export const managed = (name: string, certificate: CertificateVersion): Readable => ({
  name,
  version: certificate.version,
  value: certificate.secretValue,
  contentType: certificate.contentType,
  attributes: certificate.attributes,
  tags: certificate.tags,
  certificate,
})

const ofSecret = ({ name, versions }: Secret): Readable[] => versions.map((one) => own(name, one))
const ofCertificate = ({ name, versions }: Certificate): Readable[] => versions.map((one) => managed(name, one))

/** The versions of the secret of this name, oldest first: of a secret, or of a certificate. */
export function versionsNamed(asked: RequestContext, name: string): Readable[] {
  const { secrets, certificates } = asked.var.vault
  const secret = find(asked, secrets, name)
  if (secret) return ofSecret(secret)
  const certificate = find(asked, certificates, name)
  return certificate ? ofCertificate(certificate) : []
}

/** The version that the request names; without one, the newest. */
export function requiredReadable(asked: RequestContext, name: string): Readable {
  const version = asked.req.param('version')?.toLowerCase()
  const versions = versionsNamed(asked, name)
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
  if (found) return found
  throw notFound('secret', version === undefined ? name : `${name}/${version}`)
}

export const secretIdOf = ({ var: { base } }: RequestContext, name: string): string => `${base}/secrets/${name}`

/** A secret without its value, in the order of the wire. */
export function propertiesView(
  asked: RequestContext,
  secret: Readable,
  id = `${secretIdOf(asked, secret.name)}/${secret.version}`,
) {
  return {
    ...(secret.contentType !== undefined && { contentType: secret.contentType }),
    id,
    ...(secret.certificate && { managed: true }),
    attributes: attributesView(asked, secret.attributes),
    ...(secret.tags && { tags: secret.tags }),
    ...(secret.certificate && { kid: `${asked.var.base}/keys/${secret.name}/${secret.version}` }),
  }
}

/** As an entry of a list, which does not name the key of a certificate (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secrets/get-secrets#secretitem). */
export function itemView(asked: RequestContext, secret: Readable, id?: string) {
  const { kid: _key, ...item } = propertiesView(asked, secret, id)
  return item
}

/** A secret with its value; that of a certificate as PEM, where a client of 2026-04-01 asks for it so. */
export function valueView(asked: RequestContext, secret: Readable) {
  const wanted = asked.var.version < '2026-04-01' ? null : queryOf(asked).get('outContentType')
  if (!wanted || wanted === secret.contentType) return { value: secret.value, ...propertiesView(asked, secret) }
  const { certificate } = secret
  if (!certificate || wanted !== 'application/x-pem-file') {
    throw badParameter(`The secret can not be converted to '${wanted}'.`)
  }
  const value = toPem(certificate.chain, certificate.exportable ? certificate.privateKey : undefined)
  return { value, ...propertiesView(asked, { ...secret, contentType: wanted }) }
}

export const deletedView = (asked: RequestContext, secret: Secret, shown: Readable, id?: string) => ({
  ...deletionView(asked, 'secret', secret),
  ...propertiesView(asked, shown, id),
})
