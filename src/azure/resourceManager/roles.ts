import { AzureError } from '../errors/azureError.ts'
import { everyItem } from '../http/pages.ts'
import { fieldsOf } from '../http/shape.ts'
import { type OnSubscription, unlessMissing, vaultScopeId } from './connection.ts'
import type { ResourceManager, RoleAssignment } from './port.ts'

type Roles = Pick<ResourceManager, 'roleAssignments' | 'assignRole' | 'removeRoleAssignment'>

/** Role assignments at one vault (https://learn.microsoft.com/rest/api/authorization/role-assignments). */
export const roleAssignments = (on: OnSubscription): Roles => ({
  async roleAssignments(tenantId, id, principalId) {
    const scope = vaultScopeId(id)
    const doing = `read the role assignments at the vault ${id.name}`
    const call = on(tenantId, id, doing, async (at) => {
      const options = { filter: principalId === undefined ? 'atScope()' : `principalId eq '${principalId}'` }
      const found = await everyItem((await at.roleAssignments()).listForScope(withoutSlash(scope), options), doing)
      return found.map(assignmentOf).filter((each) => covers(each.scope, scope))
    })
    return (await unlessMissing(call)) ?? []
  },
  async assignRole(tenantId, id, { name, roleId, principalId, description }) {
    const roleDefinitionId = `/subscriptions/${id.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`
    // With the type, Azure does not query a directory that may not have the principal yet.
    const assignment = { roleDefinitionId, principalId, principalType: 'ServicePrincipal', description }
    try {
      await on(tenantId, id, `assign a role at the vault ${id.name}`, async (at) =>
        (await at.roleAssignments()).create(withoutSlash(vaultScopeId(id)), name, assignment),
      )
    } catch (error) {
      if (!(error instanceof AzureError && error.codes.includes('RoleAssignmentExists'))) throw error
    }
  },
  async removeRoleAssignment(tenantId, id, name) {
    const call = on(tenantId, id, `remove a role assignment at the vault ${id.name}`, async (at) =>
      (await at.roleAssignments()).delete(withoutSlash(vaultScopeId(id)), name),
    )
    await unlessMissing(call)
  },
})

/** As the SDK passes it on, unchecked. */
function assignmentOf(found: unknown): RoleAssignment {
  const from = fieldsOf(found, 'the role assignment')
  const text = (field: string): string => from.optionalString(field) ?? ''
  return {
    name: text('name'),
    roleDefinitionId: text('roleDefinitionId'),
    principalId: text('principalId'),
    scope: text('scope'),
    description: text('description'),
  }
}

/** The SDK adds a leading slash. */
const withoutSlash = (scope: string): string => scope.replace(/^\/+/, '')

/** An assignment above the vault applies to it; one below, at a single secret, does not. */
const covers = (scope: string, vault: string): boolean => {
  const above = scope.toLowerCase().replace(/\/+$/, '')
  return vault.toLowerCase() === above || vault.toLowerCase().startsWith(`${above}/`)
}
