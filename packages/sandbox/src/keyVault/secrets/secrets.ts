import { type JsonObject, objectAt, textAt } from '../../resourceManager/json.ts'
import { changedAttributes } from '../attributes.ts'
import { newId } from '../certificates/versions.ts'
import { checkedName, checkFree, find } from '../erasable.ts'
import { badParameter, deletedButRecoverable, notFound, refuse } from '../errors.ts'
import { byName, page } from '../paging.ts'
import { bodyOf, nameOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { SecretVersion } from '../state.ts'
import { readTags } from '../tags.ts'
import { itemView, own, propertiesView, requiredReadable, secretIdOf, valueView, versionsNamed } from './versions.ts'

const largestValue = 25 * 1024

export async function setSecret(asked: RequestContext): Promise<Response> {
  const { vault, azure } = asked.var
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'secrets', 'set', name)
  checkFree(asked, vault.secrets, 'secret', name)
  if (vault.certificates[checkedName(name)]?.deleted) throw deletedButRecoverable('secret', name)
  checkOwn(asked, name, 'set')
  const value = textAt(body, 'value')
  if (value === undefined) throw badParameter("The parameter 'value' is not specified.")
  if (Buffer.byteLength(value) > largestValue) throw badParameter(`The value is longer than ${largestValue} bytes.`)
  const now = secondsOf(azure.now())
  const [contentType, tags] = [readContentType(body), readTags(body)]
  const made: SecretVersion = {
    version: newId(),
    value,
    ...(contentType !== undefined && { contentType }),
    attributes: changedAttributes({ enabled: true, created: now, updated: now }, objectAt(body, 'attributes'), now),
    ...(tags && { tags }),
  }
  const secret = vault.secrets[name.toLowerCase()] ?? { name, versions: [] }
  secret.versions.push(made)
  vault.secrets[name.toLowerCase()] = secret
  return asked.json(valueView(asked, own(secret.name, made)))
}

function readContentType(body: JsonObject): string | undefined {
  const type = textAt(body, 'contentType')
  if ((type?.length ?? 0) > 255) throw badParameter("'contentType' is longer than 255 characters.")
  return type
}

/** The secret of a certificate changes with the certificate only. */
export function checkOwn(asked: RequestContext, name: string, operation: string): void {
  if (!find(asked, asked.var.vault.certificates, name)) return
  throw refuse(403, 'Forbidden', `Operation ${operation} is not allowed on a secret that belongs to a certificate.`)
}

export function getSecret(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'get', nameOf(asked))
  const secret = requiredReadable(asked, nameOf(asked))
  if (secret.attributes.enabled) return asked.json(valueView(asked, secret))
  throw refuse(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled')
}

export async function patchSecret(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  const name = nameOf(asked)
  requirePermission(asked, 'secrets', 'update', name)
  checkOwn(asked, name, 'update')
  const shown = requiredReadable(asked, name)
  const secret = find(asked, asked.var.vault.secrets, name)
  const version = secret?.versions.find((one) => one.version === shown.version)
  if (!version) throw notFound('secret', name)
  const [contentType, tags] = [readContentType(body), readTags(body)]
  version.attributes = changedAttributes(version.attributes, objectAt(body, 'attributes'), secondsOf(asked.var.azure.now()))
  if (contentType !== undefined) version.contentType = contentType
  if (tags) version.tags = tags
  return asked.json(propertiesView(asked, own(shown.name, version)))
}

/** The newest version of every secret, those of certificates among them. */
export function listSecrets(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'list')
  const { secrets, certificates } = asked.var.vault
  const items = byName({ ...certificates, ...secrets }).flatMap(({ name }) => {
    const newest = versionsNamed(asked, name).at(-1)
    return newest ? [itemView(asked, newest, secretIdOf(asked, newest.name))] : []
  })
  return asked.json(page(asked, items))
}

export function listSecretVersions(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'list', nameOf(asked))
  return asked.json(
    page(
      asked,
      versionsNamed(asked, nameOf(asked)).map((one) => itemView(asked, one)),
    ),
  )
}
