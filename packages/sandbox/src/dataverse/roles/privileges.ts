import { tables } from '../tables.ts'

const actions = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo']

/** Every privilege that a role can hold here: four for each table, two to link rows, and those that belong to no table. */
export const privileges: ReadonlySet<string> = new Set([
  'prvApproveRejectEmailAddress',
  'prvBulkDelete',
  'prvAssignRole',
  ...Object.values(tables).flatMap(({ privilege }) => actions.map((action) => `prv${action}${privilege}`)),
])
