import { columns } from './column.ts'

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/asyncoperation */
export const asyncOperationColumns = columns(`
  asyncoperationid guid -R- system
  completedon date -R-
  createdon date -R-
  modifiedon date -R-
  name text:256 -R-
  operationtype choice:asyncoperationtype -R- system
  postponeuntil date -R-
  startedon date -R-
  statecode choice:asyncstate -R- system
  statuscode choice:asyncstatus -R-
`)

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/bulkdeleteoperation */
export const bulkDeleteColumns = columns(`
  asyncoperationid lookup:asyncoperation -R-
  bulkdeleteoperationid guid -R- system
  createdon date -R-
  failurecount int -R-
  isrecurring bool -R- =false
  modifiedon date -R-
  name text:256 -R-
  nextrun date -R-
  statecode choice:asyncstate -R- system
  statuscode choice:asyncstatus -R-
  successcount int -R-
`)
