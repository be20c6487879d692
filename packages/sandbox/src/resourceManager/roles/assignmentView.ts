import type { RoleAssignment } from '../state.ts'

/** A role assignment as it is shown. The answer to its creation does not name the creator yet. */
export function assignmentView(assignment: RoleAssignment, after: 'read' | 'creation' = 'read') {
  const definition = `/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleId}`
  return {
    properties: {
      roleDefinitionId: assignment.subscriptionId ? `/subscriptions/${assignment.subscriptionId}${definition}` : definition,
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope || '/',
      condition: assignment.condition ?? null,
      conditionVersion: assignment.conditionVersion ?? null,
      createdOn: assignment.createdAt,
      updatedOn: assignment.updatedAt,
      createdBy: after === 'creation' ? null : assignment.createdBy,
      updatedBy: assignment.updatedBy,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description,
    },
    id: `${assignment.scope}/providers/Microsoft.Authorization/roleAssignments/${assignment.name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: assignment.name,
  }
}
