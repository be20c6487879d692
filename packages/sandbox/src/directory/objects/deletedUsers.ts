import { answer, type RequestContext } from '../gate.ts'
import { requireOperation } from '../permissions.ts'
import { list } from '../query.ts'
import { notFound } from '../refusal.ts'
import type { Body } from '../represent.ts'
import { namesOf } from '../shapes.ts'
import type { PlainObject } from '../state.ts'
import { objectKinds } from './kinds.ts'
import { checkFree, removeObject, replaceObject, wholeBody } from './objects.ts'

/** Users who were deleted and can come back: https://learn.microsoft.com/graph/api/resources/directory */
const deletedUsers = ({ var: { tenant } }: RequestContext): readonly PlainObject[] =>
  Object.values(tenant.objects ?? {}).filter(({ kind, deletedDateTime }) => kind === 'user' && deletedDateTime !== null)

const found = (asked: RequestContext): PlainObject | undefined =>
  deletedUsers(asked).find(({ id }) => id === asked.req.param('item')?.toLowerCase())

/** Requests for users are answered here, those for registrations elsewhere. */
export const forUserOr =
  (ofUser: (asked: RequestContext) => Response, other: (asked: RequestContext) => Response) =>
  (asked: RequestContext): Response =>
    found(asked) === undefined ? other(asked) : ofUser(asked)

function userAsked(asked: RequestContext): PlainObject {
  const user = found(asked)
  if (user === undefined) throw notFound(asked.req.param('item') ?? '')
  return user
}

/** `GET /directory/deletedItems/microsoft.graph.user` */
export function listDeletedUsers(asked: RequestContext): Response {
  requireOperation(asked, 'readUsers')
  const items = deletedUsers(asked).map(wholeBody)
  return list(asked, { context: 'users', properties: namesOf(objectKinds.user.shape), items })
}

/** A user as shown without `$select`. */
function bodyFor({ var: { root } }: RequestContext, user: PlainObject): Body {
  const { shown = [] } = objectKinds.user
  const body = Object.entries(wholeBody(user)).filter(([name]) => shown.includes(name))
  const about = { '@odata.context': `${root}/$metadata#directoryObjects/$entity`, '@odata.type': '#microsoft.graph.user' }
  return { ...about, ...Object.fromEntries(body) }
}

export function getDeletedUser(asked: RequestContext): Response {
  requireOperation(asked, 'readUsers')
  return answer(asked, bodyFor(asked, userAsked(asked)))
}

export function restoreUser(asked: RequestContext): Response {
  requireOperation(asked, 'writeUsers')
  const user = { ...userAsked(asked), deletedDateTime: null }
  checkFree(asked, 'user', user.more)
  replaceObject(asked, user)
  return answer(asked, bodyFor(asked, user))
}

export function purgeUser(asked: RequestContext): Response {
  requireOperation(asked, 'writeUsers')
  removeObject(asked.var.tenant, userAsked(asked))
  return asked.body(null, 204)
}
