import { type Fields, fieldsOf } from '../http/shape.ts'
import type { IdentityRow, Profile, ProfileRow, ReferenceRow } from './port.ts'

/** Field of ours → column of `emailserverprofile` (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile). */
const profileColumns = {
  name: 'name',
  description: 'description',
  state: 'statecode',
  serverType: 'servertype',
  incomingCredentialRetrieval: 'incomingcredentialretrieval',
  outgoingCredentialRetrieval: 'outgoingcredentialretrieval',
  incomingLocation: 'incomingserverlocation',
  outgoingLocation: 'outgoingserverlocation',
  incomingPort: 'incomingportnumber',
  outgoingPort: 'outgoingportnumber',
  useAutodiscover: 'useautodiscover',
  resourceId: 'aadresourceid',
  tenantId: 'exchangeonlinetenantid',
  useDefaultTenantId: 'usedefaulttenantid',
  clientId: 'oauthclientid',
  serverAuthority: 'serverauthority',
  incomingUseImpersonation: 'incominguseimpersonation',
  outgoingUseImpersonation: 'outgoinguseimpersonation',
} as const satisfies Partial<Record<keyof ProfileRow, string>>

/** Columns that an environment may not have yet. */
export const newerColumns: readonly string[] = ['serverauthority']

const referenceColumns = {
  keyVaultUri: 'keyvaulturi',
  keyName: 'keyname',
  keyType: 'keytype',
  preauthorizedApplicationType: 'preauthorizedapplicationtype',
} as const satisfies Partial<Record<keyof ReferenceRow, string>>

const identityColumns = {
  name: 'name',
  applicationId: 'applicationid',
  tenantId: 'tenantid',
  credentialSource: 'credentialsource',
} as const satisfies Partial<Record<keyof IdentityRow, string>>

const modified = 'modifiedon'

const list = (columns: readonly string[]): string => columns.join(',')

export const identitySelect = `$select=${list(['managedidentityid', ...Object.values(identityColumns), modified])}`
export const referenceSelect = `$select=${list(['keyvaultreferenceid', ...Object.values(referenceColumns), '_managedidentityid_value'])}`

/** The query for profiles and the rows that they point to. */
export function profileQuery(filter: string, without: readonly string[]): string {
  const columns = Object.values(profileColumns).filter((column) => !without.includes(column))
  const select = list(['emailserverprofileid', ...columns, '_keyvaultreferenceid_value', '_managedidentityid_value'])
  const reference = `keyvaultreferenceid(${referenceSelect};$expand=managedidentityid(${identitySelect}))`
  const expand = `${reference},managedidentityid(${identitySelect};$expand=${reference})`
  return `$filter=${encodeURIComponent(filter)}&$select=${select}&$expand=${encodeURIComponent(expand)}`
}

/** A column for every field that is given, and no other: Dataverse takes each column it is sent as changed. */
const body = (row: Readonly<Record<string, unknown>>, columns: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([field, column]) => (row[field] === undefined ? [] : [[column, row[field]]])),
  )

const bind = (lookup: string, set: string, id: string | undefined): Record<string, string> =>
  id === undefined ? {} : { [`${lookup}@odata.bind`]: `/${set}(${id})` }

export const profileBody = (row: Partial<ProfileRow>): Record<string, unknown> => ({
  ...body(row, profileColumns),
  // A state goes with a status of its own: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile
  ...(row.state !== undefined && { statuscode: row.state + 1 }),
  ...bind('keyvaultreferenceid', 'keyvaultreferences', row.referenceId),
  ...bind('managedidentityid', 'managedidentities', row.identityId),
})

export const referenceBody = (row: Partial<ReferenceRow>): Record<string, unknown> => ({
  ...body(row, referenceColumns),
  ...bind('managedidentityid', 'managedidentities', row.identityId),
})

export const identityBody = (row: Partial<IdentityRow>): Record<string, unknown> => body(row, identityColumns)

export function identityRow(from: Fields): IdentityRow {
  return {
    id: from.string('managedidentityid'),
    name: from.optionalString(identityColumns.name),
    applicationId: from.optionalString(identityColumns.applicationId),
    tenantId: from.optionalString(identityColumns.tenantId),
    credentialSource: from.optionalNumber(identityColumns.credentialSource),
    modified: from.optionalString(modified),
  }
}

export function referenceRow(from: Fields): ReferenceRow {
  return {
    id: from.string('keyvaultreferenceid'),
    keyVaultUri: from.string(referenceColumns.keyVaultUri),
    keyName: from.optionalString(referenceColumns.keyName),
    keyType: from.optionalNumber(referenceColumns.keyType),
    preauthorizedApplicationType: from.optionalNumber(referenceColumns.preauthorizedApplicationType),
    identityId: from.optionalString('_managedidentityid_value'),
  }
}

function profileRow(from: Fields): ProfileRow {
  const text = (field: keyof typeof profileColumns) => from.optionalString(profileColumns[field])
  const number = (field: keyof typeof profileColumns) => from.optionalNumber(profileColumns[field])
  const yes = (field: keyof typeof profileColumns) => from.optionalBoolean(profileColumns[field])
  return {
    id: from.string('emailserverprofileid'),
    name: from.string('name'),
    description: text('description'),
    state: number('state'),
    serverType: number('serverType'),
    incomingCredentialRetrieval: number('incomingCredentialRetrieval'),
    outgoingCredentialRetrieval: number('outgoingCredentialRetrieval'),
    incomingLocation: text('incomingLocation'),
    outgoingLocation: text('outgoingLocation'),
    incomingPort: number('incomingPort'),
    outgoingPort: number('outgoingPort'),
    useAutodiscover: yes('useAutodiscover'),
    resourceId: text('resourceId'),
    tenantId: text('tenantId'),
    useDefaultTenantId: yes('useDefaultTenantId'),
    clientId: text('clientId'),
    serverAuthority: number('serverAuthority'),
    incomingUseImpersonation: yes('incomingUseImpersonation'),
    outgoingUseImpersonation: yes('outgoingUseImpersonation'),
    referenceId: from.optionalString('_keyvaultreferenceid_value'),
    identityId: from.optionalString('_managedidentityid_value'),
  }
}

/** `credentialsource` of an identity whose credential lies in a key vault: that of HMA-App, where it has a row of its own. */
export const fromKeyVault = 1

/**
 * A profile with what it points to, whichever way its rows hang together: the identity that reads the vault is its own, or else
 * its key vault reference's; and where its own is HMA-App's, the reference may hang on that.
 */
export function profileOf(value: unknown): Profile {
  const from = fieldsOf(value, 'emailserverprofile')
  const own = from.optionalObject('managedidentityid')
  const application = own?.optionalNumber(identityColumns.credentialSource) === fromKeyVault ? own : undefined
  const reference = from.optionalObject('keyvaultreferenceid') ?? application?.optionalObject('keyvaultreferenceid')
  const ofReference = reference?.optionalObject('managedidentityid')
  const identity = application ? ofReference : (own ?? ofReference)
  return {
    profile: profileRow(from),
    reference: reference === undefined ? undefined : referenceRow(reference),
    identity: identity === undefined ? undefined : identityRow(identity),
  }
}
