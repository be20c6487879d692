import { columns } from './column.ts'

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/role */
export const roleColumns = columns(`
  businessunitid lookup:businessunit -R- system
  componentstate choice:componentstate -R- system =0
  createdon date -R-
  ismanaged bool -R- system =false
  modifiedon date -R-
  name text:100 -R- system
  organizationid guid -R- system
  parentroleid lookup:role -R-
  parentrootroleid lookup:role -R-
  roleid guid -R- system
  roletemplateid lookup:roletemplate -R-
  versionnumber bigint -R-
`)

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/privilege */
export const privilegeColumns = columns(`
  accessright int -R-
  canbebasic bool -R- =false
  canbedeep bool -R- =false
  canbeglobal bool -R- =false
  canbelocal bool -R- =false
  name text:100 -R- system
  privilegeid guid -R- system
  versionnumber bigint -R-
`)
