import { type Fields, fieldsOf } from '../http/shape.ts'
import { bodyOf, identityColumns, namesOf, platformIdentityColumn, profileColumns, referenceColumns, rowIn } from './columns.ts'
import type { IdentityRow, Profile, ProfileRow, ReferenceRow } from './port.ts'

const modified = 'modifiedon'

const list = (columns: readonly string[]): string => columns.join(',')

export const identitySelect = `$select=${list(['managedidentityid', ...namesOf(identityColumns), modified])}`
export const referenceSelect = `$select=${list(['keyvaultreferenceid', ...namesOf(referenceColumns), '_managedidentityid_value'])}`

/** The query for profiles and the rows they point to. */
export function profileQuery(filter: string, without: readonly string[]): string {
  const columns = [...namesOf(profileColumns), platformIdentityColumn].filter((column) => !without.includes(column))
  const select = list(['emailserverprofileid', ...columns, '_keyvaultreferenceid_value', '_managedidentityid_value'])
  const reference = `keyvaultreferenceid(${referenceSelect};$expand=managedidentityid(${identitySelect}))`
  const expand = `${reference},managedidentityid(${identitySelect};$expand=${reference})`
  return `$filter=${encodeURIComponent(filter)}&$select=${select}&$expand=${encodeURIComponent(expand)}`
}

const bind = (lookup: string, set: string, id: string | undefined): Record<string, string> =>
  id === undefined ? {} : { [`${lookup}@odata.bind`]: `/${set}(${id})` }

export const profileBody = (row: Partial<ProfileRow>): Record<string, unknown> => ({
  ...bodyOf(row, profileColumns),
  // Each state has its own status: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile
  ...(row.state !== undefined && { statuscode: row.state + 1 }),
  ...bind('keyvaultreferenceid', 'keyvaultreferences', row.referenceId),
  ...bind('managedidentityid', 'managedidentities', row.identityId),
})

export const referenceBody = (row: Partial<ReferenceRow>): Record<string, unknown> => ({
  ...bodyOf(row, referenceColumns),
  ...bind('managedidentityid', 'managedidentities', row.identityId),
})

export const identityBody = (row: Partial<IdentityRow>): Record<string, unknown> => bodyOf(row, identityColumns)

export const identityRow = (from: Fields): IdentityRow => ({
  ...rowIn(from, identityColumns),
  id: from.string('managedidentityid'),
  modified: from.optionalString(modified),
})

export const referenceRow = (from: Fields): ReferenceRow => ({
  ...rowIn(from, referenceColumns),
  id: from.string('keyvaultreferenceid'),
  keyVaultUri: from.string(referenceColumns.keyVaultUri.column),
  identityId: from.optionalString('_managedidentityid_value'),
})

const profileRow = (from: Fields): ProfileRow => ({
  ...rowIn(from, profileColumns),
  id: from.string('emailserverprofileid'),
  name: from.string(profileColumns.name.column),
  referenceId: from.optionalString('_keyvaultreferenceid_value'),
  identityId: from.optionalString('_managedidentityid_value'),
  platformIdentityId: from.optionalString(platformIdentityColumn),
})

/** `credentialsource` of an identity whose credential is in a key vault: HMA-App's, if it has a row of its own. */
export const fromKeyVault = 1

/**
 * A profile with what it points to, however its rows are linked: the identity that reads the vault is its own, or else
 * its key vault reference's; if its own is HMA-App's, the reference may be linked to that.
 */
export function profileOf(value: unknown): Profile {
  const from = fieldsOf(value, 'emailserverprofile')
  const own = from.optionalObject('managedidentityid')
  const application = own?.optionalNumber(identityColumns.credentialSource.column) === fromKeyVault ? own : undefined
  const reference = from.optionalObject('keyvaultreferenceid') ?? application?.optionalObject('keyvaultreferenceid')
  const ofReference = reference?.optionalObject('managedidentityid')
  const identity = application ? ofReference : (own ?? ofReference)
  return {
    profile: profileRow(from),
    reference: reference === undefined ? undefined : referenceRow(reference),
    identity: identity === undefined ? undefined : identityRow(identity),
  }
}
