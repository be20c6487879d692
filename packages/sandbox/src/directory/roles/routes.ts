import type { Hono } from 'hono'
import type { RequestEnv } from '../gate.ts'
import { createObject, updateObject } from '../objects/objects.ts'
import {
  addRoleMember,
  getRole,
  getRoleMember,
  getRoleTemplate,
  listRoleMembers,
  listRoles,
  listRoleTemplates,
  postRole,
  removeRoleMember,
} from './directoryRoles.ts'
import * as unified from './unified.ts'

/** Roles of the directory, as `Get-MgDirectoryRole` and azuread ask for them, and the same as definitions and assignments. */
export function roleRoutes(app: Hono<RequestEnv>): void {
  app.get('/v1.0/directoryRoleTemplates', listRoleTemplates)
  app.get('/v1.0/directoryRoleTemplates/:key', getRoleTemplate)
  const role = '/v1.0/directoryRoles/:key'
  app.get('/v1.0/directoryRoles', listRoles).post('/v1.0/directoryRoles', postRole)
  app.get(role, getRole)
  app.get(`${role}/members`, listRoleMembers)
  app.get(`${role}/members/:cast{(microsoft\\.)?graph\\.\\w+}`, listRoleMembers)
  app.post(`${role}/members/$ref`, addRoleMember)
  app.get(`${role}/members/:member/$ref`, getRoleMember).delete(`${role}/members/:member/$ref`, removeRoleMember)
  const management = '/v1.0/roleManagement/directory'
  app.get(`${management}/roleDefinitions`, unified.listRoleDefinitions)
  app.post(`${management}/roleDefinitions`, (asked) => createObject(asked, 'roleDefinition'))
  const definition = `${management}/roleDefinitions/:key`
  app.get(definition, unified.getRoleDefinition).delete(definition, unified.deleteRoleDefinition)
  app.patch(definition, (asked) => updateObject(asked, 'roleDefinition'))
  app.get(`${management}/roleAssignments`, unified.listRoleAssignments)
  app.post(`${management}/roleAssignments`, unified.postRoleAssignment)
  const assignment = `${management}/roleAssignments/:assignment`
  app.get(assignment, unified.getRoleAssignment).delete(assignment, unified.deleteRoleAssignment)
}
