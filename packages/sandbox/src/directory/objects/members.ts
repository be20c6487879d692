import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { isTexts } from '../json.ts'
import { requireOperation } from '../permissions.ts'
import { bad, notFound } from '../refusal.ts'
import type { PlainObject } from '../state.ts'
import { answerReference, objectsOf } from './directoryObjects.ts'
import { findObject, referredObject, replaceObject } from './objects.ts'

/** The two lists of objects that a group refers to. */
export type Role = 'members' | 'owners'

const groupOf = (asked: RequestContext): PlainObject => findObject(asked, 'group', asked.req.param('key') ?? '')

/** `GET /groups/{id}/members` and `…/owners`, with a cast or without. */
export function listMembers(asked: RequestContext, role: Role): Response {
  requireOperation(asked, 'readGroups')
  const value = objectsOf(asked, groupOf(asked)[role])
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects`, value })
}

/** `POST …/members/$ref` */
export async function addMember(asked: RequestContext, role: Role): Promise<Response> {
  requireOperation(asked, 'writeGroups')
  const group = groupOf(asked)
  add(asked, group, role, [referredObject(asked, (await bodyOf(asked))['@odata.id'])])
  return asked.body(null, 204)
}

/** `PATCH /groups/{id}` with references: up to 20 members at once. Returns whether the body held nothing else. */
export async function addMembers(asked: RequestContext): Promise<boolean> {
  const body = await bodyOf(asked)
  const links = body['members@odata.bind']
  if (links === undefined) return false
  requireOperation(asked, 'writeGroups')
  if (!isTexts(links) || links.length > 20) throw bad('A list of at most 20 references is required.')
  add(
    asked,
    groupOf(asked),
    'members',
    links.map((link) => referredObject(asked, link)),
  )
  return Object.keys(body).length === 1
}

function add(asked: RequestContext, group: PlainObject, role: Role, ids: readonly string[]): void {
  if (ids.some((id) => group[role].includes(id)))
    throw bad(`One or more added object references already exist for the following modified properties: '${role}'.`)
  replaceObject(asked, { ...group, [role]: [...group[role], ...ids] })
}

/** `GET …/members/{id}/$ref` */
export function getMember(asked: RequestContext, role: Role): Response {
  requireOperation(asked, 'readGroups')
  return answerReference(asked, groupOf(asked)[role], (asked.req.param('member') ?? '').toLowerCase())
}

/** `DELETE …/members/{id}/$ref` */
export function removeMember(asked: RequestContext, role: Role): Response {
  requireOperation(asked, 'writeGroups')
  const group = groupOf(asked)
  const id = (asked.req.param('member') ?? '').toLowerCase()
  if (!group[role].includes(id)) throw notFound(id)
  replaceObject(asked, { ...group, [role]: group[role].filter((one) => one !== id) })
  return asked.body(null, 204)
}
