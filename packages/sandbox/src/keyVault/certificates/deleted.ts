import { checkPurgeable, deletionView, erase, findDeleted, recover, recoveryOf, required, requiredDeleted } from '../erasable.ts'
import { notFound } from '../errors.ts'
import { byName, page } from '../paging.ts'
import { nameOf, type RequestContext } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Certificate } from '../state.ts'
import { current } from './versions.ts'
import { bundleView, itemOf } from './views.ts'

function view(asked: RequestContext, certificate: Certificate): Response {
  const shown = current(certificate, asked.var.azure.settings)
  if (!shown) throw notFound('certificate', certificate.name)
  return asked.json(bundleView(asked, certificate, shown))
}

/** The key and the secret of the certificate go with it. */
export function deleteCertificate(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'delete', nameOf(asked))
  const certificate = required(asked, asked.var.vault.certificates, 'certificate', nameOf(asked))
  erase(asked, certificate)
  return view(asked, certificate)
}

export function getDeletedCertificate(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'get', nameOf(asked))
  return view(asked, requiredDeleted(asked, asked.var.vault.certificates, 'certificate', nameOf(asked)))
}

export function listDeletedCertificates(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'list')
  const { certificates } = asked.var.vault
  const deleted = byName(certificates).filter(({ name }) => findDeleted(asked, certificates, name))
  const items = deleted.map((one) => deletedItem(asked, one))
  return asked.json(page(asked, items))
}

/** Unlike in the list of existing certificates, the attributes say how long this one can be recovered. */
function deletedItem(asked: RequestContext, certificate: Certificate) {
  const item = itemOf(asked, certificate)
  const attributes = { ...item?.attributes, ...recoveryOf(asked.var.resource) }
  return { ...deletionView(asked, 'certificate', certificate), ...item, attributes }
}

export function recoverCertificate(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'recover', nameOf(asked))
  const certificate = requiredDeleted(asked, asked.var.vault.certificates, 'certificate', nameOf(asked))
  recover(asked, certificate)
  return view(asked, certificate)
}

export function purgeCertificate(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'purge', nameOf(asked))
  const { certificates } = asked.var.vault
  const certificate = requiredDeleted(asked, certificates, 'certificate', nameOf(asked))
  checkPurgeable(asked)
  delete certificates[certificate.name.toLowerCase()]
  return asked.body(null, 204)
}
