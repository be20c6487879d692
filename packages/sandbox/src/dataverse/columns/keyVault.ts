import { columns } from './column.ts'
import { commonColumns, solutionColumns } from './common.ts'

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/keyvaultreference */
export const referenceColumns = columns(
  commonColumns,
  solutionColumns,
  `
  isvalidated bool C-U =false
  keyname text:100
  keytype choice:keytype system =0
  keyvaultreferenceid guid system
  keyvaulturi text:100 system
  managedidentityid lookup:managedidentity
  preauthorizedapplicationtype choice:preauthorizedapplicationtype system =0
  statecode state system
  statuscode status
`,
)

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/managedidentity */
export const identityColumns = columns(
  commonColumns,
  solutionColumns,
  `
  applicationid guid business
  clientsecret text:100 C-U
  credentialsource choice:credentialsource system =0
  identitytype choice
  keyvaultreferenceid lookup:keyvaultreference
  managedidentityid guid system
  name text:100 business
  statecode state system
  statuscode status
  subjectscope choice:subjectscope system =0
  tenantid guid
  version int
  objectid guid -R-
`,
)
