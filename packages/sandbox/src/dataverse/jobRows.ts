import type { BulkJob, OrganizationState, Row } from './state.ts'
import { instant, metadataId } from './values.ts'

const moment = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : instant(new Date(milliseconds))

/** Waiting until it is due, or succeeded: the sandbox runs a job at once. */
const progress = ({ finishedAt }: BulkJob) => ({
  ...(finishedAt === undefined ? { statecode: 1, statuscode: 10 } : { statecode: 3, statuscode: 30 }),
})

const row = (id: string, cells: Row['cells']): Row => ({ id, version: 1_000_000, cells, sealed: {} })

const jobRow = (job: BulkJob): Row =>
  row(job.id, {
    ...{ asyncoperationid: job.id, name: job.name ?? '', operationtype: 13, ...progress(job) },
    ...{ createdon: moment(job.createdAt), modifiedon: moment(job.finishedAt ?? job.createdAt) },
    ...{ postponeuntil: moment(job.at), startedon: moment(job.finishedAt), completedon: moment(job.finishedAt) },
  })

function operationRow(job: BulkJob): Row {
  const id = metadataId('bulkdeleteoperation', job.id)
  return row(id, {
    ...{ bulkdeleteoperationid: id, asyncoperationid: job.id, name: job.name ?? '', isrecurring: false, ...progress(job) },
    ...{ createdon: moment(job.createdAt), modifiedon: moment(job.finishedAt ?? job.createdAt) },
    ...{ nextrun: job.finishedAt === undefined ? moment(job.at) : null },
    ...{ successcount: job.deleted ?? 0, failurecount: 0 },
  })
}

/** The rows that report bulk deletions: https://learn.microsoft.com/power-apps/developer/data-platform/delete-data-bulk */
export const jobRows = (
  { bulkDeletions = [] }: OrganizationState,
  table: 'asyncoperation' | 'bulkdeleteoperation',
): Record<string, Row> => {
  const rows = bulkDeletions.map(table === 'asyncoperation' ? jobRow : operationRow)
  return Object.fromEntries(rows.map((each) => [each.id, each]))
}
