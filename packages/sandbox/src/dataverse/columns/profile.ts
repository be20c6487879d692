import { columns } from './column.ts'
import { commonColumns } from './common.ts'

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile */
export const profileColumns = columns(
  commonColumns,
  `
  aadresourceid text:1024
  acsemailservicename text:200
  acsenabledforoutgoingemail bool =false
  acsendpointurl text:300
  acsmanagedidentityid lookup:managedidentity
  acsresourcegroupname text:200
  acssubscriptionid guid
  defaultserverlocation text:2084
  description memo:2000
  emailserverprofileid guid CR- system
  encodingcodepage text:100
  entityimage virtual
  exchangeonlinetenantid text:36
  exchangeversion choice:exchangeversion
  incomingauthenticationprotocol choice:protocol =0
  incomingcredentialretrieval choice:retrieval =0
  incomingpassword text:250 C-U
  incomingportnumber int:0..65536
  incomingserverlocation text:2084
  incominguseimpersonation bool =false
  incomingusername text:250
  incomingusessl bool =true
  keyvaultreferenceid lookup:keyvaultreference
  lastauthorizationstatus choice:passed =1
  lastcrmmessage memo:2084
  lasttestexecutionstatus choice:lasttestexecutionstatus =1
  lasttestrequest memo:2084
  lasttestresponse memo:2084
  lastteststarttime date
  lasttesttotalexecutiontime bigint
  lasttestvalidationstatus choice:passed =1
  managedidentityid lookup:managedidentity
  maxconcurrentconnections int:1..300
  minpollingintervalinminutes int:0..1440
  moveundeliveredemails bool =false
  name text:100 business
  oauthclientid text:1024
  oauthclientsecret text:1024 C-U
  outgoingauthenticationprotocol choice:protocol =0
  outgoingautograntdelegateaccess bool =false
  outgoingcredentialretrieval choice:retrieval
  outgoingpassword text:250 C-U
  outgoingportnumber int:0..65536
  outgoingserverlocation text:2084
  outgoinguseimpersonation bool =false
  outgoingusername text:250
  outgoingusessl bool =true
  owneremailaddress text:100
  powerplatformmanagedidentityid lookup:managedidentity
  processemailsreceivedafter date
  purviewmanagedidentityid lookup:managedidentity
  sendemailalert bool =false
  serverauthority choice:serverauthority system =0
  servertype choice:servertype business
  statecode state -RU system
  statuscode status
  timeoutmailboxconnection bool =true
  timeoutmailboxconnectionafteramount int:0..100000
  useautodiscover bool =false
  usedefaulttenantid bool =true
  usesamesettingsforoutgoingconnections bool =true
  emailservertypename text:250 -R-
  entityimage_timestamp bigint -R-
  entityimage_url text:200 -R-
  entityimageid guid -R-
  incomingpartnerapplication lookup:partnerapplication -R-
  isincomingpasswordset bool -R- =false
  isoauthclientsecretset bool -R- =false
  isoutgoingpasswordset bool -R- =false
  organizationid lookup:organization -R- system
  outgoingpartnerapplication lookup:partnerapplication -R-
`,
)
