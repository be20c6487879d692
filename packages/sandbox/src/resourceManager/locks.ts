import { objectAt, same, textAt } from './json.ts'
import { refuse } from './refusal.ts'
import { bodyOf, type RequestContext, requireAction } from './requestContext.ts'
import { covers } from './roles/permissions.ts'
import type { ManagementLock } from './state.ts'

const levels = ['CanNotDelete', 'ReadOnly'] as const

const view = ({ scope, name, level, notes }: ManagementLock) => ({
  properties: { level, ...(notes !== undefined && { notes }) },
  id: idOf(scope, name),
  type: 'Microsoft.Authorization/locks',
  name,
})

const idOf = (scope: string, name: string): string => `${scope}/providers/Microsoft.Authorization/locks/${name}`

const locksOf = (asked: RequestContext): readonly ManagementLock[] => asked.var.azure.world.resources.locks ?? []

const found = (asked: RequestContext, scope: string, name: string): ManagementLock | undefined =>
  locksOf(asked).find((lock) => same(lock.scope, scope) && same(lock.name, name))

/** Locks at, above and below the scope. */
export function listLocks(asked: RequestContext, scope: string): Response {
  requireAction(asked, 'Microsoft.Authorization/locks/read', scope)
  const value = locksOf(asked).filter((lock) => covers(lock.scope, scope) || covers(scope, lock.scope))
  return asked.json({ value: value.map(view) })
}

export function getLock(asked: RequestContext, scope: string, name: string): Response {
  requireAction(asked, 'Microsoft.Authorization/locks/read', scope)
  const lock = found(asked, scope, name)
  if (lock) return asked.json(view(lock))
  throw refuse(404, 'LockNotFound', `The lock '${name}' could not be found.`)
}

export async function putLock(asked: RequestContext, scope: string, name: string): Promise<Response> {
  const properties = objectAt(await bodyOf(asked), 'properties')
  requireAction(asked, 'Microsoft.Authorization/locks/write', scope)
  const level = levels.find((one) => same(one, textAt(properties, 'level') ?? ''))
  if (!level)
    throw refuse(400, 'LockLevelNotSupported', `The lock level '${textAt(properties, 'level') ?? ''}' is not supported.`)
  const notes = textAt(properties, 'notes')
  const before = found(asked, scope, name)
  const lock = { scope, name, level, ...(notes !== undefined && { notes }) }
  asked.var.azure.world.resources.locks = [...locksOf(asked).filter((one) => one !== before), lock]
  return asked.json(view(lock), before ? 200 : 201)
}

export function deleteLock(asked: RequestContext, scope: string, name: string): Response {
  requireAction(asked, 'Microsoft.Authorization/locks/delete', scope)
  const lock = found(asked, scope, name)
  if (!lock) return asked.body(null, 204)
  asked.var.azure.world.resources.locks = locksOf(asked).filter((one) => one !== lock)
  return asked.body(null, 200)
}
