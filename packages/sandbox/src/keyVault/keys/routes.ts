import type { Hono } from 'hono'
import { backupKey, restoreKey } from '../backups.ts'
import type { RequestEnv } from '../requestContext.ts'
import {
  createKey,
  deleteKey,
  getDeletedKey,
  getKey,
  importKey,
  listDeletedKeys,
  listKeys,
  listKeyVersions,
  patchKey,
  purgeKey,
  recoverKey,
  rotateKey,
} from './keys.ts'
import { useKey } from './operations.ts'
import { getRotationPolicy, putRotationPolicy } from './rotationPolicy.ts'

const operations = ['encrypt', 'decrypt', 'wrapkey', 'unwrapkey', 'sign', 'verify'] as const

/** Keys of their own, and those of certificates. */
export function keyRoutes(app: Hono<RequestEnv>): void {
  const key = '/keys/:name'
  app.get('/keys', listKeys)
  app.post('/keys/restore', restoreKey)
  app.post(`${key}/create`, createKey)
  app.post(`${key}/rotate`, rotateKey)
  app.post(`${key}/backup`, backupKey)
  app.get(`${key}/versions`, listKeyVersions)
  app.get(`${key}/rotationpolicy`, getRotationPolicy).put(`${key}/rotationpolicy`, putRotationPolicy)
  app.put(key, importKey).delete(key, deleteKey)
  app.get(`${key}/:version?`, getKey).patch(`${key}/:version?`, patchKey)
  for (const operation of operations) {
    app.post(`${key}/${operation}`, (asked) => useKey(asked, operation))
    app.post(`${key}/:version/${operation}`, (asked) => useKey(asked, operation))
  }
  const deleted = '/deletedkeys/:name'
  app.get('/deletedkeys', listDeletedKeys)
  app.get(deleted, getDeletedKey).delete(deleted, purgeKey)
  app.post(`${deleted}/recover`, recoverKey)
}
