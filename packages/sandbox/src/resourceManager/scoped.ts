import { deleteLock, getLock, listLocks, putLock } from './locks.ts'
import { plain, type Scope, scopeOf } from './path.ts'
import { missing } from './refusal.ts'
import type { RequestContext } from './requestContext.ts'
import { deleteAssignment, getAssignment, listAssignments, putAssignment } from './roles/assignments.ts'
import { deleteRoleDefinition, getRoleDefinition, listRoleDefinitions, putRoleDefinition } from './roles/definitions.ts'
import { deleteDenial, getDenial, listDenials, listSchedules, putDenial } from './roles/denials.ts'
import { listPermissions } from './roles/permissionLists.ts'
import { deleteTags, getTags, writeTags } from './tags.ts'

type Answer = Response | Promise<Response>
type OfOne = (asked: RequestContext, scope: Scope, name: string) => Answer

interface Extension {
  readonly list?: (asked: RequestContext, scope: Scope) => Answer
  readonly GET?: OfOne
  readonly PUT?: OfOne
  readonly PATCH?: OfOne
  readonly DELETE?: OfOne
}

/** Resource types that exist under any scope, in lower case. */
export const extensions: Readonly<Record<string, Extension>> = {
  roleassignments: { list: listAssignments, GET: getAssignment, PUT: putAssignment, DELETE: deleteAssignment },
  roledefinitions: {
    list: listRoleDefinitions,
    GET: getRoleDefinition,
    PUT: putRoleDefinition,
    DELETE: deleteRoleDefinition,
  },
  locks: {
    list: (asked, { path }) => listLocks(asked, path),
    GET: (asked, { path }, name) => getLock(asked, path, name),
    PUT: (asked, { path }, name) => putLock(asked, path, name),
    DELETE: (asked, { path }, name) => deleteLock(asked, path, name),
  },
  denyassignments: {
    list: (asked, { path }) => listDenials(asked, path),
    GET: (asked, { path }, name) => getDenial(asked, path, name),
    PUT: (asked, { path }, name) => putDenial(asked, path, name),
    DELETE: (asked, { path }, name) => deleteDenial(asked, path, name),
  },
  permissions: { list: (asked, { path }) => listPermissions(asked, path) },
  ...Object.fromEntries(
    ['roleEligibilitySchedules', 'roleAssignmentSchedules', 'roleEligibilityScheduleInstances', 'roleAssignmentScheduleInstances']
      .concat(['roleEligibilityScheduleRequests', 'roleAssignmentScheduleRequests'])
      .map((type): [string, Extension] => [type.toLowerCase(), { list: (asked, { path }) => listSchedules(asked, path, type) }]),
  ),
  tags: {
    GET: (asked, { path }) => getTags(asked, path),
    PUT: (asked, { path }) => writeTags(asked, path),
    PATCH: (asked, { path }) => writeTags(asked, path),
    DELETE: (asked, { path }) => deleteTags(asked, path),
  },
}

const resource = /^(.*)\/providers\/microsoft\.(?:authorization|resources)\/(\w+)(?:\/([^/]+))?$/i

/** Access, locks and tags exist under any scope, which no route pattern can express. */
export async function atScope(asked: RequestContext, next: () => Promise<void>): Promise<Response | undefined> {
  const [, path, type = '', name] = resource.exec(decodeURIComponent(plain(new URL(asked.req.url).pathname))) ?? []
  const extension = extensions[type.toLowerCase()]
  if (path === undefined || extension === undefined || /^(un)?register$/i.test(type)) {
    await next()
    return undefined
  }
  const { method } = asked.req
  const scope = scopeOf(path)
  if (name === undefined) return method === 'GET' && extension.list ? extension.list(asked, scope) : missing(asked)
  const act = method === 'GET' || method === 'PUT' || method === 'PATCH' || method === 'DELETE' ? extension[method] : undefined
  return act ? act(asked, scope, name) : missing(asked)
}
