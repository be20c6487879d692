import type { PlainObject, Tenant } from '../state.ts'
import { templateOf } from './templates.ts'

/** Activated built-in roles and custom ones that are held by an object, or by a group that it is in. */
export function rolesHeldBy({ objects = {} }: Tenant, id: string): readonly PlainObject[] {
  const all = Object.values(objects).filter(({ deletedDateTime }) => deletedDateTime === null)
  const ids = [id]
  // The list grows while it is walked: groups are members of groups.
  for (const one of ids)
    ids.push(
      ...all
        .filter(({ kind, members, id: group }) => kind === 'group' && members.includes(one) && !ids.includes(group))
        .map((group) => group.id),
    )
  return all.filter(
    ({ kind, members }) => /^(directoryRole|roleDefinition)$/.test(kind) && members.some((member) => ids.includes(member)),
  )
}

/** The permissions that built-in roles give, besides those that the application was granted. */
export const permissionsByRole = (tenant: Tenant, id: string): readonly string[] =>
  rolesHeldBy(tenant, id).flatMap(({ more }) => templateOf(String(more.roleTemplateId))?.allows ?? [])
