import { markHonoured } from '../../honoured.ts'
import { booleanAt, isObject, objectAt } from '../../resourceManager/json.ts'
import { find, required } from '../erasable.ts'
import { notFound } from '../errors.ts'
import { byName, page } from '../paging.ts'
import { bodyOf, nameOf, queryOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Certificate } from '../state.ts'
import { readTags } from '../tags.ts'
import { mergePolicy } from './policy.ts'
import { current, type Shown } from './versions.ts'
import { bundleView, itemOf, itemOfVersion, policyView } from './views.ts'

const requiredCertificate = (asked: RequestContext): Certificate =>
  required(asked, asked.var.vault.certificates, 'certificate', nameOf(asked))

/** The version that the request names; without one, the current version. */
function requiredVersion(asked: RequestContext, certificate: Certificate): Shown {
  const version = asked.req.param('version')
  if (version === undefined) {
    const shown = current(certificate, asked.var.azure.settings)
    if (shown) return shown
    throw notFound('certificate', certificate.name)
  }
  const { operation, unissued, versions } = certificate
  const named = versions.find((one) => one.version === version.toLowerCase())
  const begun = operation?.status === 'completed' ? undefined : (operation ?? unissued)
  const waiting = begun?.version === version.toLowerCase() ? begun : undefined
  const shown = named ?? waiting
  if (shown) return shown
  throw notFound('certificate', `${certificate.name}/${version}`)
}

export function getCertificate(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'get', nameOf(asked))
  const certificate = requiredCertificate(asked)
  return asked.json(bundleView(asked, certificate, requiredVersion(asked, certificate)))
}

export async function patchCertificate(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'update', nameOf(asked))
  const certificate = requiredCertificate(asked)
  const shown = requiredVersion(asked, certificate)
  const now = secondsOf(asked.var.azure.now())
  if (isObject(body.policy)) certificate.policy = mergePolicy(certificate.policy, body.policy, now)
  const tags = readTags(body)
  if (tags) shown.tags = tags
  const attributes = objectAt(body, 'attributes')
  shown.attributes.enabled = booleanAt(attributes, 'enabled') ?? shown.attributes.enabled
  // Its times are those of the certificate.
  markHonoured([attributes.nbf, attributes.exp])
  shown.attributes.updated = now
  return asked.json(bundleView(asked, certificate, shown))
}

export function getPolicy(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'get', nameOf(asked))
  const { name, policy } = requiredCertificate(asked)
  return asked.json(policyView(asked, name, policy))
}

/** A changed policy counts for the next version; the present one stays as it is. */
export async function patchPolicy(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'update', nameOf(asked))
  const certificate = requiredCertificate(asked)
  certificate.policy = mergePolicy(certificate.policy, body, secondsOf(asked.var.azure.now()))
  return asked.json(policyView(asked, certificate.name, certificate.policy))
}

/** Certificates whose first version is still being made are listed on request only. */
export function listCertificates(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'list')
  const { certificates } = asked.var.vault
  const all = queryOf(asked).get('includePending')?.toLowerCase() === 'true'
  const there = byName(certificates).filter((one) => find(asked, certificates, one.name) && (all || one.versions.length > 0))
  return asked.json(
    page(
      asked,
      there.map((one) => itemOf(asked, one)).filter((item) => item !== undefined),
    ),
  )
}

export function listVersions(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'list', nameOf(asked))
  const certificate = find(asked, asked.var.vault.certificates, nameOf(asked))
  const versions = certificate?.versions.map((one) => itemOfVersion(asked, certificate.name, one)) ?? []
  return asked.json(page(asked, versions))
}
