import type { Context } from 'hono'
import type { Azure, Caller, World } from '../azure.ts'
import { queryOf as queryIn, watchBody } from '../honoured.ts'
import { isObject, type JsonObject } from './json.ts'
import { refuse } from './refusal.ts'
import { covers, denial, grant } from './roles/permissions.ts'

/** What Resource Manager's routes know about a request that passed the gate. */
export interface RequestEnv {
  Variables: { azure: Azure; caller: Caller; version: string }
}

export type RequestContext = Context<RequestEnv>

export const queryOf = (asked: Context): URLSearchParams => queryIn(asked.req.raw)

/** Scheme and host as the client asked for them. */
export const originOf = (asked: Context): string => `${new URL(asked.req.url).protocol}//${hostOf(asked)}`

export const hostOf = (asked: Context): string => asked.req.header('host') ?? new URL(asked.req.url).host

/** The body as a JSON object. */
export async function bodyOf(asked: Context): Promise<JsonObject> {
  const body = await asked.req.json().catch(() => undefined)
  watchBody(asked.req.raw, body)
  if (isObject(body)) return body
  throw refuse(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized: the body has to be a JSON object.',
  )
}

/** Refuses the request unless one of the caller's role assignments allows the action at the scope. */
export function requireAction(asked: RequestContext, action: string, scope: string): void {
  const { world } = asked.var.azure
  const { appId, objectId } = asked.var.caller
  if (grant(world, objectId, 'actions', action, scope)) {
    checkDenials(asked, action, scope)
    checkLocks(world, action, scope)
    return
  }
  throw refuse(
    403,
    'AuthorizationFailed',
    `The client '${appId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  )
}

/** https://learn.microsoft.com/azure/role-based-access-control/deny-assignments */
function checkDenials({ var: { azure, caller } }: RequestContext, action: string, scope: string): void {
  const denied = denial(azure.world, caller.objectId, 'actions', action, scope)
  if (denied === undefined) return
  const who = `The client '${caller.appId}' with object id '${caller.objectId}' has permission to perform action '${action}' on scope '${scope}'`
  const why = `the access is denied because of the deny assignment with name '${denied.denyAssignmentName}' and Id '${denied.name.replaceAll('-', '')}' at scope '${denied.scope}'`
  throw refuse(403, 'DenyAssignmentAuthorizationFailed', `${who}; however, ${why}.`)
}

/** A lock applies even to callers with the right: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
function checkLocks({ resources: { locks = [] } }: World, action: string, scope: string): void {
  const verb = action.split('/').at(-1)?.toLowerCase()
  if (locks.length === 0 || verb === 'read' || /\/locks\//i.test(action)) return
  const holding = locks.filter(
    (lock) =>
      (verb === 'delete' || lock.level === 'ReadOnly') &&
      // Deleting a group also deletes what is locked inside it.
      (covers(lock.scope, scope) || (verb === 'delete' && covers(scope, lock.scope))),
  )
  if (holding.length === 0) return
  const scopes = holding.map((lock) => lock.scope).join(',')
  throw refuse(
    409,
    'ScopeLocked',
    `The scope '${scope}' cannot perform ${verb === 'action' ? 'action' : verb} operation because following scope(s) are locked: '${scopes}'. Please remove the lock and try again.`,
  )
}
