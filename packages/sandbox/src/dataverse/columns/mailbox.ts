import { columns } from './column.ts'
import { commonColumns } from './common.ts'

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox */
export const mailboxColumns = columns(
  commonColumns,
  `
  acsenabledforoutgoingemail bool =false
  acsmailfromcreated bool =false
  acsoutgoingemailstatus choice:outcome =0
  actdeliverymethod choice:actdeliverymethod =0
  actstatus choice:outcome -RU =0
  allowemailconnectortousecredentials bool =false
  emailaddress text:100
  emailrouteraccessapproval choice:emailrouteraccessapproval system =0
  emailserverprofile lookup:emailserverprofile
  enabledforact bool -RU system =true
  enabledforincomingemail bool -RU system =true
  enabledforoutgoingemail bool -RU system =true
  entityimage virtual
  ewsurl text:2084
  exchangecontactsimportstatus choice:exchangecontactsimportstatus =0
  exchangesyncstatexml memo:1073741823
  folderhierarchy memo:1073741823
  incomingemaildeliverymethod choice:incomingemaildeliverymethod
  incomingemailstatus choice:outcome -RU =0
  isactsyncorgflagset bool =false
  isemailaddressapprovedbyo365admin bool -RU system =false
  itemsfailedforlastsync int:0..2147483647
  itemsprocessedforlastsync int:0..2147483647
  lastautodiscoveredon date
  lastincomingemailsrequestedfromemailserveron date
  lastmessageid text:320
  lastsuccessfulsynccompletedon date -RU
  lastsyncerror text:2048
  lastsyncerrorcode int:-2147483648..2147483647
  lastsyncerrorcount int:0..2147483647
  lastsyncerrormachinename text:320
  lastsyncerroroccurredon date
  lasttagcompletedon date
  lasttaggedmessageid text:320 -RU
  lasttagprocessedmaxitems int
  mailboxid guid CR- system
  mailboxprocessingcontext int:0..2147483647
  name text:200 system
  oauthaccesstoken text:1024 C-U
  oauthrefreshtoken text:256 C-U
  oauthtokenexpireson date
  officeappsdeploymentscheduled bool =false
  officeappsdeploymentstatus choice:officeappsdeploymentstatus
  orgmarkedasprimaryforexchangesync bool =false
  outgoingemaildeliverymethod choice:outgoingemaildeliverymethod
  outgoingemailstatus choice:outcome -RU
  password text:200 C-U
  postponemailboxprocessinguntil date -RU system
  postponeofficeappsdeploymentuntil date
  postponesendinguntil date system
  postponetestemailconfigurationuntil date
  processanddeleteemails bool =false
  processemailreceivedafter date
  processinglastattemptedon date
  statecode state -RU system
  statuscode status system
  tagemailsafter date
  testemailconfigurationretrycount int:0..2147483647 system
  testemailconfigurationscheduled bool =false
  testmailboxaccesscompletedon date -RU
  undeliverablefolder text:256 -RU
  username text:200
  verboseloggingenabled int:0..100 -RU system
  averagetotalduration int:-1..2147483647 -R-
  emailaddressapprovedby lookup:systemuser -R-
  entityimage_timestamp bigint -R-
  entityimage_url text:200 -R-
  entityimageid guid -R-
  exchangecontactsimportcompletedon date -R-
  exchangesyncstatexmlfileref virtual -R-
  exchangesyncstatexmlfileref_name virtual -R-
  forcedunlockcount int:0..2147483647 -R- system
  hostid text:256 -R-
  isexchangecontactsimportscheduled bool -R- system =false
  isforwardmailbox bool -R- system =true
  isoauthaccesstokenset bool -R- =false
  isoauthrefreshtokenset bool -R- =false
  ispasswordset bool -R- =false
  isserviceaccount bool -R- system =false
  lastactiveon date --- system
  lastduration int:-1..2147483647 -R-
  lastmailboxforcedunlockoccurredon date -R-
  lastsyncstartedon date -R-
  mailboxstatus choice:outcome -R- =0
  nextscheduledactsyncinseconds int:0..2147483647 -R-
  noactcount int:0..2147483647 -R-
  noemailcount int:0..2147483647 -R-
  officeappsdeploymentcompleteon date -R-
  officeappsdeploymenterror text:2048 -R-
  organizationid lookup:organization -R- system
  processedtimes int:-1..2147483647 -R-
  processingstatecode int:0..2147483647 -R- system
  receivingpostponeduntil date -R-
  receivingpostponeduntilforact date -R-
  regardingobjectid lookup:queue,systemuser -R-
  regardingobjecttypecode virtual -R-
  testandenablelastattemptedby lookup:systemuser -R-
  testandenablelastattemptedon date -R-
  transientfailurecount int:0..2147483647 -R- system
`,
)
