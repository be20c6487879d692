import type { HTTPException } from 'hono/http-exception'
import { refusal, type Status } from '../resourceManager/refusal.ts'

/** Key Vault's error: a code and a message, and often a second code within. */
export function refuse(status: Status, code: string, message: string, inner?: string): HTTPException {
  return refusal(status, { code, message, ...(inner && { innererror: { code: inner } }) })
}

export const badParameter = (message: string): HTTPException => refuse(400, 'BadParameter', message)

export type Kind = 'certificate' | 'secret' | 'key'

const capital = (kind: string): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`

export const notFound = (kind: Kind, id: string): HTTPException =>
  refuse(
    404,
    `${capital(kind)}NotFound`,
    `A ${kind} with (name/id) ${id} was not found in this key vault. If you recently deleted this ${kind} you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  )

export const deletedNotFound = (kind: Kind, name: string): HTTPException =>
  refuse(404, `${capital(kind)}NotFound`, `Deleted ${capital(kind)} not found: ${name}`)

export const pendingNotFound = (name: string): HTTPException =>
  refuse(404, 'PendingCertificateNotFound', `Pending certificate not found: ${name}`)

export const deletedButRecoverable = (kind: Kind, name: string): HTTPException =>
  refuse(
    409,
    'Conflict',
    `${capital(kind)} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the ${kind} can only be recovered or purged.`,
    'ObjectIsDeletedButRecoverable',
  )

export const beingDeleted = (kind: Kind, name: string): HTTPException =>
  refuse(
    409,
    'Conflict',
    `${capital(kind)} ${name} is currently being deleted and cannot be re-created; retry later.`,
    'ObjectIsBeingDeleted',
  )

export const beingRecovered = (kind: Kind, name: string): HTTPException =>
  refuse(
    409,
    'Conflict',
    `${capital(kind)} ${name} is currently being recovered and cannot be used; retry later.`,
    'ObjectIsBeingRecovered',
  )
