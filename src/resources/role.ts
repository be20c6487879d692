import type { ServicePrincipal } from '../azure/directory/port.ts'

/** An application permission by name and documented id. */
interface WantedRole {
  readonly role: string
  readonly roleId: string
}

interface FoundRole {
  readonly id: string
  readonly offered: true | 'missing' | 'disabled'
}

/** The role as an API offers it. If the API cannot be read, the documented id counts. */
export function roleIn(resource: ServicePrincipal | undefined, { role, roleId }: WantedRole): FoundRole {
  const found = resource?.appRoles.find(({ value }) => value === role)
  if (!found) return { id: roleId, offered: resource ? 'missing' : true }
  return { id: found.id, offered: found.enabled ? true : 'disabled' }
}
