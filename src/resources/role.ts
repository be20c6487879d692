import type { ServicePrincipal } from '../azure/directory/port.ts'

/** An application permission by its name, and by the id that Microsoft documents for it. */
interface WantedRole {
  readonly role: string
  readonly roleId: string
}

interface FoundRole {
  readonly id: string
  readonly offered: true | 'missing' | 'disabled'
}

/** The role as an API offers it. Where the API cannot be seen, its documented id counts. */
export function roleIn(resource: ServicePrincipal | undefined, { role, roleId }: WantedRole): FoundRole {
  const found = resource?.appRoles.find(({ value }) => value === role)
  if (!found) return { id: roleId, offered: resource ? 'missing' : true }
  return { id: found.id, offered: found.enabled ? true : 'disabled' }
}
