import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { isTexts } from '../json.ts'
import { type Operation, requireOperation } from '../permissions.ts'
import { bad, notFound } from '../refusal.ts'
import { rolesHeldBy } from '../roles/held.ts'
import type { PlainObject } from '../state.ts'
import { anyObject, objectsOf } from './directoryObjects.ts'
import { keyOf, required } from './find.ts'
import { activeObjects, findObject } from './objects.ts'

/** Collections whose objects can be members of groups. */
export type Holders = 'users' | 'groups' | 'servicePrincipals' | 'directoryObjects'

const most = 20

/** Permission to read the object whose memberships are asked for: https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups */
const reading: Readonly<Record<Holders, Operation>> = {
  users: 'readUsers',
  groups: 'readGroups',
  servicePrincipals: 'readGranted',
  directoryObjects: 'readGroups',
}

/** The id of the object that a path names. */
function holderOf(asked: RequestContext, holders: Holders): string {
  requireOperation(asked, reading[holders])
  const key = asked.req.param('key') ?? ''
  if (holders === 'servicePrincipals') return required(asked, holders, keyOf(key)).id
  if (holders === 'users') return findObject(asked, 'user', key).id
  if (holders === 'groups') return findObject(asked, 'group', key).id
  const id = key.toLowerCase()
  if (anyObject(asked, id) === undefined) throw notFound(id)
  return id
}

/** The groups of which an object is a member, directly and through other groups. */
function groupsOf(asked: RequestContext, id: string, through: boolean, found = new Set<string>()): ReadonlySet<string> {
  for (const group of activeObjects(asked.var.tenant, 'group')) {
    if (!group.members.includes(id) || found.has(group.id)) continue
    found.add(group.id)
    if (through) groupsOf(asked, group.id, through, found)
  }
  return found
}

const rolesOf = (asked: RequestContext, id: string): readonly PlainObject[] =>
  rolesHeldBy(asked.var.tenant, id).filter(({ kind }) => kind === 'directoryRole')

/** Groups alone, or roles as well. */
export type Kinds = 'groups' | 'objects'

function among(asked: RequestContext, id: string, kinds: Kinds): ReadonlySet<string> {
  const roles = kinds === 'objects' ? rolesOf(asked, id) : []
  return new Set([...groupsOf(asked, id, true), ...roles.map((role) => role.id)])
}

/** `GET …/memberOf` and `…/transitiveMemberOf` */
export function listMemberships(asked: RequestContext, holders: Holders, through: boolean): Response {
  requireOperation(asked, 'readGroups')
  const id = holderOf(asked, holders)
  const roles = rolesOf(asked, id).filter(({ members }) => through || members.includes(id))
  const value = objectsOf(asked, [...groupsOf(asked, id, through), ...roles.map((role) => role.id)])
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects`, value })
}

/** `POST …/getMemberGroups` and `…/getMemberObjects`; the latter adds the roles. */
export async function getMemberships(asked: RequestContext, holders: Holders, kinds: Kinds): Promise<Response> {
  const found = among(asked, holderOf(asked, holders), kinds)
  const { securityEnabledOnly } = await bodyOf(asked)
  if (securityEnabledOnly !== undefined && typeof securityEnabledOnly !== 'boolean')
    throw bad("Invalid value specified for property 'securityEnabledOnly'.")
  const open = activeObjects(asked.var.tenant, 'group').filter(
    ({ more }) => securityEnabledOnly === true && more.securityEnabled === false,
  )
  const value = [...found].filter((id) => open.every((group) => group.id !== id))
  return answerIds(asked, value)
}

/** `POST …/checkMemberGroups` and `…/checkMemberObjects`: those of the ids that are among its groups. */
export async function checkMemberships(asked: RequestContext, holders: Holders, kinds: Kinds): Promise<Response> {
  const found = among(asked, holderOf(asked, holders), kinds)
  const list = kinds === 'groups' ? 'groupIds' : 'ids'
  const { [list]: ids } = await bodyOf(asked)
  if (!isTexts(ids) || ids.length > most) throw bad(`Invalid value specified for property '${list}'.`)
  const value = ids.filter((id) => found.has(id.toLowerCase()))
  return answerIds(asked, value)
}

const answerIds = (asked: RequestContext, value: readonly string[]): Response =>
  answer(asked, { '@odata.context': `${asked.var.root}/$metadata#Collection(Edm.String)`, value })
