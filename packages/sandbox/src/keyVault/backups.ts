import { textAt } from '../resourceManager/json.ts'
import { current, newId } from './certificates/versions.ts'
import { bundleView } from './certificates/views.ts'
import { checkFree, required } from './erasable.ts'
import { badParameter, type Kind, notFound, refuse } from './errors.ts'
import { keysOf } from './keys/keys.ts'
import { keyView, ofKey } from './keys/versions.ts'
import { bodyOf, nameOf, type RequestContext } from './requestContext.ts'
import { requirePermission } from './requirePermission.ts'
import { checkOwn } from './secrets/secrets.ts'
import { own, propertiesView } from './secrets/versions.ts'
import type { Vault } from './state.ts'

type Backup = Vault['backups'][string]

/** The client gets a reference to a copy that the sandbox keeps; it is as opaque as a real backup. */
function keep(asked: RequestContext, backup: Backup): Response {
  const id = newId()
  asked.var.vault.backups[id] = backup
  return asked.json({ value: Buffer.from(`hma-sandbox-backup:${id}`).toString('base64url') })
}

/** A copy of the backup, from whichever vault it was taken. */
async function given(asked: RequestContext, kind: Kind): Promise<Backup> {
  const value = textAt(await bodyOf(asked), 'value') ?? ''
  const [, id = ''] = /^hma-sandbox-backup:([0-9a-f]{32})$/.exec(Buffer.from(value, 'base64url').toString('latin1')) ?? []
  const vaults = Object.values(asked.var.azure.world.vaults)
  const backup = vaults.map(({ backups }) => backups[id]).find((one) => one?.kind === kind)
  if (backup) return structuredClone(backup)
  throw badParameter('The specified backup blob is malformed, or not one of this kind of object.')
}

const taken = (kind: Kind, name: string) =>
  refuse(409, 'Conflict', `A ${kind} of the name ${name} exists in this key vault already.`)

export function backupCertificate(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'backup', nameOf(asked))
  const object = required(asked, asked.var.vault.certificates, 'certificate', nameOf(asked))
  return keep(asked, { kind: 'certificate', object: structuredClone(object) })
}

export async function restoreCertificate(asked: RequestContext): Promise<Response> {
  requirePermission(asked, 'certificates', 'restore')
  const { certificates, secrets } = asked.var.vault
  const backup = await given(asked, 'certificate')
  if (backup.kind !== 'certificate') throw badParameter('The specified backup blob is of a secret.')
  const { object } = backup
  const key = object.name.toLowerCase()
  checkFree(asked, certificates, 'certificate', object.name)
  if (certificates[key] || secrets[key]) throw taken('certificate', object.name)
  certificates[key] = object
  const shown = current(object, asked.var.azure.settings)
  if (!shown) throw notFound('certificate', object.name)
  return asked.json(bundleView(asked, object, shown))
}

export function backupKey(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'backup', nameOf(asked))
  const object = required(asked, keysOf(asked), 'key', nameOf(asked))
  return keep(asked, { kind: 'key', object: structuredClone(object) })
}

export async function restoreKey(asked: RequestContext): Promise<Response> {
  requirePermission(asked, 'keys', 'restore')
  const backup = await given(asked, 'key')
  if (backup.kind !== 'key') throw badParameter('The specified backup blob is not of a key.')
  const { object } = backup
  const [keys, key] = [keysOf(asked), object.name.toLowerCase()]
  checkFree(asked, keys, 'key', object.name)
  if (keys[key] || asked.var.vault.certificates[key]) throw taken('key', object.name)
  keys[key] = object
  const newest = ofKey(object).at(-1)
  if (!newest) throw notFound('key', object.name)
  return asked.json(keyView(asked, newest))
}

export function backupSecret(asked: RequestContext): Response {
  requirePermission(asked, 'secrets', 'backup', nameOf(asked))
  checkOwn(asked, nameOf(asked), 'backup')
  const object = required(asked, asked.var.vault.secrets, 'secret', nameOf(asked))
  return keep(asked, { kind: 'secret', object: structuredClone(object) })
}

export async function restoreSecret(asked: RequestContext): Promise<Response> {
  requirePermission(asked, 'secrets', 'restore')
  const { certificates, secrets } = asked.var.vault
  const backup = await given(asked, 'secret')
  if (backup.kind !== 'secret') throw badParameter('The specified backup blob is of a certificate.')
  const { object } = backup
  const key = object.name.toLowerCase()
  checkFree(asked, secrets, 'secret', object.name)
  if (secrets[key] || certificates[key]) throw taken('secret', object.name)
  secrets[key] = object
  const newest = object.versions.at(-1)
  if (!newest) throw notFound('secret', object.name)
  return asked.json(propertiesView(asked, own(object.name, newest)))
}
