import { checkPurgeable, erase, findDeleted, recover, required, requiredDeleted } from '../erasable.ts'
import { notFound } from '../errors.ts'
import { byName, page } from '../paging.ts'
import { nameOf, type RequestContext } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Secret } from '../state.ts'
import { checkOwn } from './secrets.ts'
import { deletedView, own, propertiesView, type Readable, secretIdOf } from './versions.ts'

function newest({ name, versions }: Secret): Readable {
  const version = versions.at(-1)
  if (version) return own(name, version)
  throw notFound('secret', name)
}

export function deleteSecret(asked: RequestContext): Response {
  const name = nameOf(asked)
  requirePermission(asked, 'secrets', 'delete', name)
  checkOwn(asked, name, 'delete')
  const secret = required(asked, asked.var.vault.secrets, 'secret', name)
  erase(asked, secret)
  return asked.json(deletedView(asked, secret, newest(secret)))
}

export function getDeletedSecret(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'getdeleted', nameOf(asked))
  const secret = requiredDeleted(asked, asked.var.vault.secrets, 'secret', nameOf(asked))
  return asked.json(deletedView(asked, secret, newest(secret)))
}

export function listDeletedSecrets(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'list')
  const { secrets } = asked.var.vault
  const deleted = byName(secrets).filter(({ name }) => findDeleted(asked, secrets, name))
  const items = deleted.map((one) => deletedView(asked, one, newest(one), secretIdOf(asked, one.name)))
  return asked.json(page(asked, items))
}

export function recoverSecret(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'recover', nameOf(asked))
  const secret = requiredDeleted(asked, asked.var.vault.secrets, 'secret', nameOf(asked))
  recover(asked, secret)
  return asked.json(propertiesView(asked, newest(secret)))
}

export function purgeSecret(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'purge', nameOf(asked))
  const { secrets } = asked.var.vault
  const secret = requiredDeleted(asked, secrets, 'secret', nameOf(asked))
  checkPurgeable(asked)
  delete secrets[secret.name.toLowerCase()]
  return asked.body(null, 204)
}
