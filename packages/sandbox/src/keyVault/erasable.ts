import type { VaultResource } from '../resourceManager/state.ts'
import {
  badParameter,
  beingDeleted,
  beingRecovered,
  deletedButRecoverable,
  deletedNotFound,
  type Kind,
  notFound,
  refuse,
} from './errors.ts'
import { type RequestContext, secondsOf } from './requestContext.ts'
import type { Attributes, Erasable } from './state.ts'

/** How long a deletion or a recovery is under way. */
const settlingMilliseconds = 500
const day = 86_400

type Objects<T extends Erasable> = Record<string, T>

/** Names are 1 to 127 letters, digits and hyphens, and compared without regard to case. */
export function checkedName(name: string): string {
  if (/^[0-9a-z-]{1,127}$/i.test(name)) return name.toLowerCase()
  throw badParameter(`The request URI contains an invalid name: ${name}`)
}

const unsettled = (object: Erasable, asked: RequestContext): boolean =>
  (object.unsettledUntil ?? 0) > asked.var.azure.now().getTime()

/** The existing object, neither deleted nor still being recovered. */
export function find<T extends Erasable>(asked: RequestContext, objects: Objects<T>, name: string): T | undefined {
  const object = objects[checkedName(name)]
  return object && !object.deleted && !unsettled(object, asked) ? object : undefined
}

export function required<T extends Erasable>(asked: RequestContext, objects: Objects<T>, kind: Kind, name: string): T {
  const object = find(asked, objects, name)
  if (object) return object
  throw notFound(kind, name)
}

/** Ends the request if a deletion or a recovery blocks writes to the name. */
export function checkFree<T extends Erasable>(asked: RequestContext, objects: Objects<T>, kind: Kind, name: string): void {
  const object = objects[checkedName(name)]
  if (!object) return
  if (object.deleted) throw unsettled(object, asked) ? beingDeleted(kind, object.name) : deletedButRecoverable(kind, object.name)
  if (unsettled(object, asked)) throw beingRecovered(kind, object.name)
}

export function findDeleted<T extends Erasable>(asked: RequestContext, objects: Objects<T>, name: string): T | undefined {
  const object = objects[checkedName(name)]
  return object?.deleted && !unsettled(object, asked) ? object : undefined
}

export function requiredDeleted<T extends Erasable>(asked: RequestContext, objects: Objects<T>, kind: Kind, name: string): T {
  const object = findDeleted(asked, objects, name)
  if (object) return object
  throw deletedNotFound(kind, name)
}

export function erase(asked: RequestContext, object: Erasable): void {
  const now = asked.var.azure.now()
  const deletedDate = secondsOf(now)
  object.deleted = { deletedDate, scheduledPurgeDate: deletedDate + retentionDays(asked.var.resource) * day }
  object.unsettledUntil = now.getTime() + settlingMilliseconds
}

export function recover(asked: RequestContext, object: Erasable): void {
  delete object.deleted
  object.unsettledUntil = asked.var.azure.now().getTime() + settlingMilliseconds
}

/** Ends the request if purge protection forbids purging before the retention ends. */
export function checkPurgeable({ var: { resource } }: RequestContext): void {
  if (!resource.properties.enablePurgeProtection) return
  throw refuse(
    403,
    'Forbidden',
    `Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: ${resource.name};location=${resource.location}`,
    'ForbiddenByPurgeProtection',
  )
}

/** Forgets the objects whose retention is over. */
export function sweep<T extends Erasable>(objects: Objects<T>, now: Date): void {
  for (const [key, { deleted }] of Object.entries(objects)) {
    if (deleted && deleted.scheduledPurgeDate <= secondsOf(now)) delete objects[key]
  }
}

const retentionDays = (vault: VaultResource): number => vault.properties.softDeleteRetentionInDays

/** How deleted objects may come back: https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview */
export function recoveryOf(vault: VaultResource): { recoveryLevel: string; recoverableDays: number } {
  const days = retentionDays(vault)
  const kind = days === 90 ? 'Recoverable' : 'CustomizedRecoverable'
  return { recoveryLevel: vault.properties.enablePurgeProtection ? kind : `${kind}+Purgeable`, recoverableDays: days }
}

/** The first properties of a deleted object. */
export const deletionView = ({ var: { base } }: RequestContext, kind: Kind, { name, deleted }: Erasable) =>
  deleted && {
    recoveryId: `${base}/deleted${kind}s/${name}`,
    deletedDate: deleted.deletedDate,
    scheduledPurgeDate: deleted.scheduledPurgeDate,
  }

/** Attributes in the order of the wire. */
export const attributesView = (asked: RequestContext, { enabled, nbf, exp, created, updated }: Attributes) => ({
  enabled,
  ...(nbf !== undefined && { nbf }),
  ...(exp !== undefined && { exp }),
  created,
  updated,
  ...recoveryOf(asked.var.resource),
})
