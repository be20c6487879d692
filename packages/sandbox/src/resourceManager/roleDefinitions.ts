import { type Asked, demand, queryOf } from './asked.ts'
import { same } from './json.ts'
import type { Scope } from './path.ts'
import { refuse } from './refusal.ts'
import { type Role, roles } from './roles.ts'

const view = (role: Role) => ({
  properties: {
    roleName: role.name,
    type: 'BuiltInRole',
    description: role.description,
    assignableScopes: ['/'],
    permissions: [{ actions: role.actions, notActions: role.notActions, dataActions: role.dataActions, notDataActions: [] }],
    createdOn: '2015-01-01T00:00:00.0000000Z',
    updatedOn: '2021-11-11T20:13:00.0000000Z',
    createdBy: null,
    updatedBy: null,
  },
  id: `/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
  type: 'Microsoft.Authorization/roleDefinitions',
  name: role.id,
})

/** The id under which a subscription knows a built-in role. */
const viewAt = (role: Role, { subscriptionId }: Scope) => {
  const shown = view(role)
  return subscriptionId === undefined ? shown : { ...shown, id: `/subscriptions/${subscriptionId}${shown.id}` }
}

export function getRoleDefinition(asked: Asked, scope: Scope, id: string): Response {
  const role = roles.find((one) => same(one.id, id))
  if (role) return asked.json(viewAt(role, scope))
  throw refuse(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${id.replaceAll('-', '').toLowerCase()}' does not exist.`,
  )
}

export function listRoleDefinitions(asked: Asked, scope: Scope): Response {
  demand(asked, 'Microsoft.Authorization/roleDefinitions/read', scope.path)
  const filter = queryOf(asked).get('$filter') ?? ''
  const name = /roleName\s+eq\s+'([^']*)'/i.exec(filter)?.[1]
  const type = /\btype\s+eq\s+'([^']*)'/i.exec(filter)?.[1]
  const named = name === undefined ? roles : roles.filter((role) => same(role.name, name))
  const shown = type === undefined || same(type, 'BuiltInRole') ? named : []
  return asked.json({ value: shown.map((role) => viewAt(role, scope)) })
}
