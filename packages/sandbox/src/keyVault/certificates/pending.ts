import { booleanAt, isObject, isText, listAt, objectAt, same } from '../../resourceManager/json.ts'
import { checkFree, find, required } from '../erasable.ts'
import { badParameter, pendingNotFound, refuse } from '../errors.ts'
import { spkiOf } from '../keys/keyPairs.ts'
import { certificatesIn } from '../pem.ts'
import { bodyOf, nameOf, queryOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Certificate, Operation, Policy } from '../state.ts'
import { readTags } from '../tags.ts'
import { begin, complete } from './issuance.ts'
import { readPolicy } from './policy.ts'
import { isPending } from './versions.ts'
import { bundleView, idOf, operationView } from './views.ts'
import { parseCertificate } from './x509.ts'

/** Seconds after which a client should poll an operation again. */
const retryAfter = { 'Retry-After': '10' }

/** Refuses the request if no new version can be started under the name. */
export function checkStartable(asked: RequestContext, name: string): void {
  const { certificates, secrets } = asked.var.vault
  checkFree(asked, certificates, 'certificate', name)
  if (secrets[name.toLowerCase()]) {
    throw refuse(409, 'Conflict', `The name ${name} is in use by a secret that belongs to no certificate.`)
  }
  if (isPending(certificates[name.toLowerCase()]?.operation)) {
    throw refuse(
      409,
      'Forbidden',
      "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.",
    )
  }
}

export async function createCertificate(asked: RequestContext): Promise<Response> {
  const { azure, vault, base, version } = asked.var
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'create', name)
  checkStartable(asked, name)
  const present = vault.certificates[name.toLowerCase()]
  const policy = isObject(body.policy) ? readPolicy(body.policy, secondsOf(azure.now())) : present?.policy
  if (!policy) throw badParameter("The parameter 'policy' is not specified.")
  checkComplete(asked, policy)
  const certificate: Certificate = present ?? { name, policy, versions: [] }
  const tags = readTags(body)
  const enabled = booleanAt(objectAt(body, 'attributes'), 'enabled') ?? true
  certificate.operation = await begin(azure, { ...certificate, policy }, { now: azure.now(), tags, enabled })
  certificate.policy = policy
  delete certificate.unissued
  vault.certificates[name.toLowerCase()] = certificate
  const { requestId } = certificate.operation
  const location = `${base}/certificates/${name}/pending?api-version=${version}&request_id=${requestId}`
  return asked.json(operationView(asked, name, certificate.operation), 202, { Location: location, ...retryAfter })
}

function checkComplete(asked: RequestContext, { x509_props: { subject, sans }, issuer }: Policy): void {
  if (!subject && Object.values(sans ?? {}).flat().length === 0) {
    throw badParameter("The policy needs a 'subject', or at least one subject alternative name.")
  }
  if (['self', 'unknown'].includes(issuer.name.toLowerCase()) || asked.var.vault.issuers[issuer.name.toLowerCase()]) return
  throw badParameter(`The issuer '${issuer.name}' of the policy was not found in this key vault.`)
}

function requiredOperation(asked: RequestContext): { certificate: Certificate; operation: Operation } {
  const certificate = find(asked, asked.var.vault.certificates, nameOf(asked))
  const wanted = queryOf(asked).get('request_id')
  if (certificate?.operation && (wanted === null || same(wanted, certificate.operation.requestId))) {
    return { certificate, operation: certificate.operation }
  }
  throw pendingNotFound(nameOf(asked))
}

export function getOperation(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'get', nameOf(asked))
  const { certificate, operation } = requiredOperation(asked)
  return asked.json(operationView(asked, certificate.name, operation), 200, isPending(operation) ? retryAfter : {})
}

/** Asks for cancellation; the operation is cancelled when it is next read. */
export async function patchOperation(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'update', nameOf(asked))
  const { certificate, operation } = requiredOperation(asked)
  const requested = booleanAt(body, 'cancellation_requested')
  if (requested === undefined) throw badParameter("The parameter 'cancellation_requested' is not specified.")
  if (!isPending(operation)) throw badParameter('A pending certificate can be cancelled only while its status is inProgress.')
  operation.cancellationRequested = requested
  return asked.json(operationView(asked, certificate.name, operation))
}

/**
 * Forgets the operation. A certificate whose first version it was stays, disabled, as recorded:
 * https://github.com/Azure/azure-sdk-for-js/tree/main/sdk/keyvault/keyvault-certificates/recordings (can read, cancel and delete an operation)
 */
export function deleteOperation(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'update', nameOf(asked))
  const { certificate, operation } = requiredOperation(asked)
  const view = operationView(asked, certificate.name, operation)
  delete certificate.operation
  const { version, attributes, tags } = operation
  if (certificate.versions.length === 0) certificate.unissued = { version, attributes, ...(tags && { tags }) }
  return asked.json(view)
}

export async function mergeCertificate(asked: RequestContext): Promise<Response> {
  const { azure, vault, version } = asked.var
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'create', name)
  const certificate = required(asked, vault.certificates, 'certificate', name)
  const { operation } = certificate
  if (!isPending(operation)) throw pendingNotFound(name)
  if (operation.readyAt !== null) {
    const text = `Merge is forbidden on pending object created with issuer : ${operation.issuer.name} while it is in progess.`
    throw refuse(403, 'Forbidden', text)
  }
  const chain = readChain(listAt(body, 'x5c') ?? [], operation.privateKey)
  operation.attributes.enabled = booleanAt(objectAt(body, 'attributes'), 'enabled') ?? operation.attributes.enabled
  const tags = readTags(body) ?? (azure.settings.mergeKeepsTags ? operation.tags : undefined)
  complete(certificate, operation, chain, azure.now(), tags)
  const merged = certificate.versions.at(-1) ?? operation
  const location = `${idOf(asked, certificate.name)}?api-version=${version}`
  return asked.json(bundleView(asked, certificate, merged), 201, { Location: location })
}

/** The signed certificate for the pending key, followed by the others of the request. */
function readChain(list: readonly unknown[], privateKey: string): string[] {
  const certificates = list.flatMap((item) => (isText(item) ? derOf(item) : ['']))
  const parsed = certificates.map((der) => ({ der, certificate: parseCertificate(der) }))
  if (parsed.length === 0 || parsed.some(({ certificate }) => !certificate)) {
    throw badParameter("'x5c' has to be a list of X.509 certificates in base64.")
  }
  const key = spkiOf(privateKey)
  const leaf = parsed.find(({ certificate }) => certificate && key.equals(Buffer.from(certificate.publicKey.rawData)))
  if (!leaf) throw keyMismatch()
  return [leaf.der, ...certificates.filter((der) => der !== leaf.der)]
}

/** The service takes the bytes of a PEM file, in base64, as well as those of the DER. */
function derOf(base64: string): string[] {
  const text = Buffer.from(base64, 'base64').toString('latin1')
  return text.startsWith('-----BEGIN') ? certificatesIn(text) : [base64]
}

export const keyMismatch = () =>
  badParameter(
    'The public key of the end-entity certificate in the specified X.509 certificate content does not match the public part of the specified private key. Please check if certificate is valid.',
  )
