import { same } from '../../resourceManager/json.ts'
import { attributesView, deletionView } from '../erasable.ts'
import type { RequestContext } from '../requestContext.ts'
import type { Attributes, Certificate, CertificateVersion, Operation, Policy, Unissued } from '../state.ts'
import { decodeName } from './distinguishedName.ts'
import { current, isPending, isVersion, type Shown } from './versions.ts'
import { parseCertificate, thumbprint } from './x509.ts'

export const idOf = ({ var: { base } }: RequestContext, name: string): string => `${base}/certificates/${name}`

export const policyView = (asked: RequestContext, name: string, policy: Policy) => ({
  id: `${idOf(asked, name)}/policy`,
  ...policy,
})

/** What is shown in place of a version while its certificate is pending: disabled, without key, secret and certificate. */
const pendingView = (asked: RequestContext, name: string, operation: Unissued) => ({
  id: `${idOf(asked, name)}/${operation.version}`,
  attributes: attributesView(asked, { ...operation.attributes, enabled: false }),
  ...(operation.tags && { tags: operation.tags }),
})

function versionView(asked: RequestContext, name: string, shown: CertificateVersion) {
  const { base } = asked.var
  const leaf = shown.chain[0] ?? ''
  return {
    id: `${idOf(asked, name)}/${shown.version}`,
    kid: `${base}/keys/${name}/${shown.version}`,
    sid: `${base}/secrets/${name}/${shown.version}`,
    x5t: thumbprint(leaf),
    cer: leaf,
    attributes: attributesView(asked, shown.attributes),
    ...(shown.tags && { tags: shown.tags }),
  }
}

/** A version with the policy: what reading, importing and merging answer. */
export function bundleView(asked: RequestContext, certificate: Certificate, shown: Shown) {
  const { name, policy, operation } = certificate
  return {
    ...deletionView(asked, 'certificate', certificate),
    ...(isVersion(shown) ? versionView(asked, name, shown) : pendingView(asked, name, shown)),
    policy: policyView(asked, name, policy),
    ...(operation && { pending: { id: `${idOf(asked, name)}/pending` } }),
  }
}

const waiting = {
  issuer:
    'Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later.',
  person: 'Pending certificate created. Please Perform Merge to complete the request.',
}

export function operationView(asked: RequestContext, name: string, operation: Operation) {
  const { issuer, csr, cancellationRequested: cancellation_requested, status, error, requestId: request_id } = operation
  const details = same(issuer.name, 'Unknown') ? waiting.person : waiting.issuer
  return {
    id: `${idOf(asked, name)}/pending`,
    issuer,
    csr,
    cancellation_requested,
    status,
    ...(isPending(operation) && { status_details: details }),
    ...(error && { error }),
    ...(status === 'completed' && { target: idOf(asked, name) }),
    request_id,
  }
}

const shortAttributes = ({ enabled, nbf, exp, created, updated }: Attributes) => ({ enabled, nbf, exp, created, updated })

export function itemOfVersion(asked: RequestContext, name: string, shown: CertificateVersion) {
  const { id, x5t } = versionView(asked, name, shown)
  const parsed = parseCertificate(shown.chain[0] ?? '')
  const subject = parsed ? decodeName(parsed.subjectName) : ''
  return { id, x5t, attributes: shortAttributes(shown.attributes), ...(shown.tags && { tags: shown.tags }), subject }
}

/** A certificate in a list, by its current version; its id names no version. */
export function itemOf(asked: RequestContext, certificate: Certificate) {
  const shown = current(certificate, asked.var.azure.settings)
  if (!shown) return undefined
  const { name } = certificate
  const id = idOf(asked, name)
  if (isVersion(shown)) return { ...itemOfVersion(asked, name, shown), id }
  const attributes = shortAttributes({ ...shown.attributes, enabled: false })
  return { id, attributes, ...(shown.tags && { tags: shown.tags }), subject: '' }
}
