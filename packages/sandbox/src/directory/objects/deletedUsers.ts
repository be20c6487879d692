import { type Asked, answer } from '../gate.ts'
import { demand } from '../permissions.ts'
import { list } from '../query.ts'
import { notFound } from '../refusal.ts'
import type { Body } from '../represent.ts'
import { namesOf } from '../shapes.ts'
import type { PlainObject } from '../state.ts'
import { objectKinds } from './kinds.ts'
import { checkFree, removeObject, replaceObject, wholeBody } from './objects.ts'

/** Users who were deleted and can come back: https://learn.microsoft.com/graph/api/resources/directory */
const deletedUsers = ({ var: { tenant } }: Asked): readonly PlainObject[] =>
  Object.values(tenant.objects ?? {}).filter(({ kind, deletedDateTime }) => kind === 'user' && deletedDateTime !== null)

const found = (asked: Asked): PlainObject | undefined =>
  deletedUsers(asked).find(({ id }) => id === asked.req.param('item')?.toLowerCase())

/** What is asked for is answered for users here, and for registrations elsewhere. */
export const forUserOr =
  (ofUser: (asked: Asked) => Response, other: (asked: Asked) => Response) =>
  (asked: Asked): Response =>
    found(asked) === undefined ? other(asked) : ofUser(asked)

function userAsked(asked: Asked): PlainObject {
  const user = found(asked)
  if (user === undefined) throw notFound(asked.req.param('item') ?? '')
  return user
}

/** `GET /directory/deletedItems/microsoft.graph.user` */
export function listDeletedUsers(asked: Asked): Response {
  demand(asked, 'readUsers')
  const items = deletedUsers(asked).map(wholeBody)
  return list(asked, { context: 'users', properties: namesOf(objectKinds.user.shape), items })
}

/** As a user is shown of whom nothing is asked for by name. */
function bodyFor({ var: { root } }: Asked, user: PlainObject): Body {
  const { shown = [] } = objectKinds.user
  const body = Object.entries(wholeBody(user)).filter(([name]) => shown.includes(name))
  const about = { '@odata.context': `${root}/$metadata#directoryObjects/$entity`, '@odata.type': '#microsoft.graph.user' }
  return { ...about, ...Object.fromEntries(body) }
}

export function getDeletedUser(asked: Asked): Response {
  demand(asked, 'readUsers')
  return answer(asked, bodyFor(asked, userAsked(asked)))
}

export function restoreUser(asked: Asked): Response {
  demand(asked, 'writeUsers')
  const user = { ...userAsked(asked), deletedDateTime: null }
  checkFree(asked, 'user', user.more)
  replaceObject(asked, user)
  return answer(asked, bodyFor(asked, user))
}

export function purgeUser(asked: Asked): Response {
  demand(asked, 'writeUsers')
  removeObject(asked.var.tenant, userAsked(asked))
  return asked.body(null, 204)
}
