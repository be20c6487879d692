import { randomUUID } from 'node:crypto'
import type { Azure } from '../azure.ts'
import { markHonoured } from '../honoured.ts'
import { requirePrivilege, requireTableAccess } from './access.ts'
import { type Criteria, criteriaIn, testOfCriteria } from './query/criteria.ts'
import { remove } from './rows.ts'
import { rowOf, rowsOf, type Scope } from './scope.ts'
import type { OrganizationState } from './state.ts'
import { type Table, tableNamed, tables } from './tables.ts'
import { isGuid } from './values.ts'
import { empty, json } from './wire/answer.ts'
import { readJson } from './wire/body.ts'
import type { BulkAction } from './wire/path.ts'
import { badPayload, invalidArgument, Refusal } from './wire/refusal.ts'
import { allow, change, make } from './write.ts'

type Target = Readonly<Record<string, unknown>>

/** Rows of one table at once, all of them or none: https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations */
export async function bulk(scope: Scope, table: Table, action: BulkAction, request: Request): Promise<Response> {
  const { Targets: targets } = await readJson(table, request)
  const rows = Array.isArray(targets) ? targets.map((each) => targetIn(table, each)) : []
  if (rows.length === 0) throw badPayload(table.set, "Microsoft.OData.ODataException: The parameter 'Targets' has no rows.")
  // Tables of this kind are not elastic. The code is UNCONFIRMED.
  if (action === 'DeleteMultiple') throw new Refusal(400, '0x80040203', 'DeleteMultiple has not yet been implemented.')
  const before = structuredClone(scope.organization)
  try {
    const ids = rows.map((target) => write(scope, table, action, target))
    if (action !== 'CreateMultiple') return empty(204)
    const context = `${scope.root}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`
    return json(200, { '@odata.context': context, Ids: ids })
  } catch (error) {
    Object.assign(scope.organization, before)
    throw error
  }
}

function targetIn(table: Table, value: unknown): Target {
  const target = typeof value === 'object' && value !== null ? { ...value } : {}
  const type = Reflect.get(target, '@odata.type')
  if (type === `Microsoft.Dynamics.CRM.${table.name}` || type === `#Microsoft.Dynamics.CRM.${table.name}`) return target
  throw badPayload(table.set, "Microsoft.OData.ODataException: Every row of 'Targets' has to name its '@odata.type'.")
}

function write(scope: Scope, table: Table, action: BulkAction, target: Target): string {
  const id = target[table.key]
  const row = typeof id === 'string' && isGuid(id) ? rowOf(scope.organization, table, id) : undefined
  if (action === 'CreateMultiple' || (action === 'UpsertMultiple' && row === undefined)) {
    allow(table, 'all', 'Create')
    requireTableAccess(scope.organization, scope.user, 'Create', table)
    return make(scope, table, { ...target }, undefined).id
  }
  allow(table, 'update', 'Update')
  requireTableAccess(scope.organization, scope.user, 'Write', table)
  if (id === undefined) throw invalidArgument('Entity Id must be specified for Update.')
  if (row === undefined) throw new Refusal(404, '0x80040217', `${table.schemaName} With Ids = ${String(id)} Do Not Exist`)
  change(scope, table, row, { ...target })
  return row.id
}

/**
 * `BulkDelete`: a job that deletes what its queries find, once it is due.
 * https://learn.microsoft.com/power-apps/developer/data-platform/delete-data-bulk
 */
export async function bulkDelete(scope: Scope, request: Request): Promise<Response> {
  const body = await readJson(tables.systemuser, request)
  const { QuerySet, JobName, StartDateTime, RecurrencePattern = '', SendEmailNotification = false } = body
  requirePrivilege(scope, 'prvBulkDelete')
  const queries = Array.isArray(QuerySet) ? QuerySet.map((query) => criteriaIn(query)) : []
  const at = typeof StartDateTime === 'string' ? Date.parse(StartDateTime) : Number.NaN
  if (queries.length === 0 || typeof JobName !== 'string' || Number.isNaN(at))
    throw invalidArgument('QuerySet, JobName and StartDateTime are required.')
  if (RecurrencePattern !== '') throw invalidArgument('This sandbox repeats no bulk deletion: RecurrencePattern has to be empty.')
  if (SendEmailNotification !== false) throw invalidArgument('This sandbox sends no mail: SendEmailNotification has to be false.')
  // No one is notified: the sandbox sends no mail.
  const { ToRecipients = [], CCRecipients = [] } = body
  if (!Array.isArray(ToRecipients) || !Array.isArray(CCRecipients))
    throw invalidArgument('ToRecipients and CCRecipients have to be lists.')
  markHonoured([ToRecipients, CCRecipients])
  for (const query of queries) requireTableAccess(scope.organization, scope.user, 'Delete', deletable(query))
  const job = { id: randomUUID(), name: JobName, createdAt: scope.azure.now().getTime(), at, queries }
  scope.organization.bulkDeletions = [...(scope.organization.bulkDeletions ?? []), job]
  finishBulkDeletions(scope.azure, scope.organization)
  const context = `${scope.root}/$metadata#Microsoft.Dynamics.CRM.BulkDeleteResponse`
  return json(200, { '@odata.context': context, JobId: job.id })
}

function deletable({ table }: Criteria): Table {
  const found = tableNamed(table)
  if (found === undefined) throw new Refusal(400, '0x80041102', `The entity with a name = '${table}' was not found.`)
  allow(found, 'all', 'Delete')
  return found
}

/** Runs the jobs that are due. */
export function finishBulkDeletions(azure: Azure, organization: OrganizationState): void {
  const now = azure.now().getTime()
  const { bulkDeletions = [] } = organization
  for (const job of bulkDeletions.filter(({ at, finishedAt }) => finishedAt === undefined && at <= now)) {
    job.deleted = job.queries.reduce((sum, query) => sum + erased(organization, query), 0)
    job.finishedAt = now
  }
}

/** Deletes what a query finds, and says how much that was. */
function erased(organization: OrganizationState, query: Criteria): number {
  const table = deletable(query)
  const rows = Object.values(rowsOf(organization, table.name)).filter(testOfCriteria(table, query))
  for (const row of rows) remove(organization, table, row)
  return rows.length
}
