import { type Asked, demand } from '../asked.ts'
import { refuse } from '../refusal.ts'

/** Deny assignments are made by services of Azure alone (managed applications, deployment stacks); the sandbox has none of those. */
export function listDenials(asked: Asked, scope: string): Response {
  demand(asked, 'Microsoft.Authorization/denyAssignments/read', scope)
  return asked.json({ value: [] })
}

export function getDenial(asked: Asked, scope: string, name: string): Response {
  demand(asked, 'Microsoft.Authorization/denyAssignments/read', scope)
  throw refuse(404, 'DenyAssignmentNotFound', `The deny assignment '${name.replaceAll('-', '')}' is not found.`)
}

/** Privileged Identity Management, of which the sandbox has no schedules, no requests and no instances. */
export function listSchedules(asked: Asked, scope: string, type: string): Response {
  demand(asked, `Microsoft.Authorization/${type}/read`, scope)
  return asked.json({ value: [] })
}
