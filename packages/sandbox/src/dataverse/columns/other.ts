import { columns } from './column.ts'

/**
 * The columns of a user that clients of server-side synchronization read:
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/systemuser
 */
export const systemUserColumns = columns(`
  accessmode choice:accessmode system =0
  applicationid guid CR-
  applicationiduri text:1024 -R-
  azureactivedirectoryobjectid guid
  azurestate choice:azurestate -R- =0
  businessunitid lookup:businessunit system
  createdby lookup:systemuser -R-
  createdon date -R-
  defaultmailbox lookup:mailbox -R-
  domainname text:1024 system
  emailrouteraccessapproval choice:emailrouteraccessapproval system =0
  firstname text:256
  fullname text:200 -R-
  internalemailaddress text:100
  isdisabled bool -RU =false
  isemailaddressapprovedbyo365admin bool -R- system =false
  islicensed bool -RU =false
  lastname text:256
  modifiedby lookup:systemuser -R-
  modifiedon date -R-
  organizationid guid -R- system
  systemuserid guid CR- system
  versionnumber bigint -R-
  windowsliveid text:1024
`)

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/organization */
export const organizationColumns = columns(`
  createdon date -R-
  defaultemailserverprofileid lookup:emailserverprofile -RU
  languagecode int -R-
  modifiedby lookup:systemuser -R-
  modifiedon date -R-
  name text:160 -RU system
  organizationid guid -R- system
  requireapprovalforqueueemail bool -RU =true
  requireapprovalforuseremail bool -RU =true
  versionnumber bigint -R-
`)

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/businessunit */
export const businessUnitColumns = columns(`
  businessunitid guid -R- system
  createdon date -R-
  modifiedon date -R-
  name text:160 -RU system
  organizationid lookup:organization -R- system
  parentbusinessunitid lookup:businessunit -R-
  versionnumber bigint -R-
`)

/** The alerts wall: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/tracelog */
export const traceLogColumns = columns(`
  canbedeleted bool CR- =true
  collationlevel int:0..2147483647 CR-
  createdby lookup:systemuser -R- system
  createdon date -R-
  createdonbehalfby lookup:systemuser -R-
  errordetails text:2048
  errortypedisplay text:320
  isunique bool CR- =false
  level choice:level CR- business
  machinename text:320
  modifiedby lookup:systemuser -R-
  modifiedon date -R-
  modifiedonbehalfby lookup:systemuser -R-
  organizationid lookup:organization -R- system
  parenttracelogid lookup:tracelog CR-
  regardingobjectid lookup:emailserverprofile,mailbox CR- system
  regardingobjectownerid guid -R-
  text text:2000 CR-
  timezoneruleversionnumber int:-1..2147483647
  traceactionxml memo:1073741823 CR-
  tracecode int:0..1000000000 CR- system
  tracedetailxml memo:1073741823
  tracelogid guid CR- system
  traceparameterhash int -R-
  traceparameterxml memo:1073741823 CR-
  traceregardingid guid -R-
  tracestatus bool CR- =false
  utcconversiontimezonecode int:-1..2147483647
`)
