import type { Resource } from '../../src/dataverse/wire/path.ts'
import { type AsClient, valuesOf } from '../clients/asClient.ts'
import { mailTenant } from '../support/sandbox.ts'
import type { Family } from './family.ts'

const api = 'https://contoso.crm4.dynamics.com/api/data/v9.2'
const profile = '/emailserverprofiles(:profile)'
const type = { '@odata.type': 'Microsoft.Dynamics.CRM.emailserverprofile' }

/** What can be asked of each kind of resource that the Web API's paths name; a new kind needs its requests here. */
const requests: Record<Resource['kind'], readonly string[]> = {
  document: ['GET /'],
  metadata: ['GET /$metadata'],
  whoAmI: ['GET /WhoAmI'],
  version: ['GET /RetrieveVersion()'],
  batch: [],
  definitions: [
    "GET /EntityDefinitions(LogicalName='mailbox')",
    'GET /GlobalOptionSetDefinitions',
    'GET /RelationshipDefinitions',
  ],
  rows: ['GET /emailserverprofiles', 'POST /emailserverprofiles'],
  count: ['GET /emailserverprofiles/$count'],
  bulk: ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'].map(
    (name) => `POST /emailserverprofiles/Microsoft.Dynamics.CRM.${name}`,
  ),
  bulkDelete: ['POST /BulkDelete'],
  row: ['GET', 'PATCH', 'DELETE'].map((method) => `${method} ${profile}`),
  property: ['GET', 'PUT', 'DELETE'].map((method) => `${method} ${profile}/incomingserverlocation`),
  value: [`GET ${profile}/name/$value`],
  related: [`GET ${profile}/owninguser`],
  link: [`GET ${profile}/owninguser/$ref`],
  function: ['GET /systemusers(:user)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()'],
  association: [
    'GET /systemusers(:user)/systemuserroles_association',
    'POST /systemusers(:other)/systemuserroles_association/$ref',
  ],
}

async function prepare(client: AsClient): Promise<Record<string, string>> {
  const made = await client(
    'POST',
    `${api}/emailserverprofiles`,
    { name: 'every route', servertype: 0, incomingserverlocation: 'https://a.example' },
    { prefer: 'return=representation' },
  )
  const users = valuesOf(await client('GET', `${api}/systemusers?$select=fullname`))
  const roles = valuesOf(await client('GET', `${api}/roles?$select=name`))
  const idOf = (word: string): string => String(users.find(({ fullname }) => String(fullname).includes(word))?.systemuserid)
  return {
    profile: String(made.json.emailserverprofileid),
    user: idOf('owner'),
    other: idOf('reader'),
    role: String(roles.find(({ name }) => name === 'System Administrator')?.roleid),
  }
}

const bodies: Family['bodies'] = {
  'POST /emailserverprofiles': () => ({
    name: 'new',
    servertype: 0,
    incomingserverlocation: 'https://a.example',
    incominguseimpersonation: true,
  }),
  [`PATCH ${profile}`]: () => ({ name: 'changed', description: 'text', incominguseimpersonation: false }),
  [`PUT ${profile}/incomingserverlocation`]: () => ({ value: 'https://b.example' }),
  'POST /emailserverprofiles/Microsoft.Dynamics.CRM.CreateMultiple': () => ({
    Targets: [{ ...type, name: 'new', servertype: 0 }],
  }),
  'POST /emailserverprofiles/Microsoft.Dynamics.CRM.UpdateMultiple': ({ profile: id }) => ({
    Targets: [{ ...type, emailserverprofileid: id, name: 'changed' }],
  }),
  'POST /emailserverprofiles/Microsoft.Dynamics.CRM.UpsertMultiple': ({ profile: id }) => ({
    Targets: [{ ...type, emailserverprofileid: id, name: 'changed' }],
  }),
  'POST /BulkDelete': () => ({
    QuerySet: [
      {
        '@odata.type': 'Microsoft.Dynamics.CRM.QueryExpression',
        EntityName: 'emailserverprofile',
        ColumnSet: { AllColumns: true },
        Distinct: false,
      },
    ],
    JobName: 'Delete',
    SendEmailNotification: false,
    ToRecipients: [],
    CCRecipients: [],
    RecurrencePattern: '',
    StartDateTime: '2030-01-01T00:00:00Z',
  }),
  'POST /systemusers(:other)/systemuserroles_association/$ref': ({ role }) => ({ '@odata.id': `${api}/roles(${role})` }),
}

export const ofRows: Family = {
  name: 'Dataverse',
  tenantId: mailTenant,
  routes: Object.values(requests).flat(),
  prepare,
  url: (path, ids) => `${api}${path.replace(/:(\w+)/, (_all, name: string) => ids[name] ?? name)}`,
  bodies,
  apart: {},
}
