import type { Settings } from '../azure.ts'
import type { OrganizationState, Row } from './state.ts'

/** What server-side synchronization reads from an email server profile. */
export interface ProfileInUse {
  readonly name: string
  readonly ewsUrl: string
  readonly resourceId: string
  /** Tenant in which the HMA application signs in. */
  readonly tenantId: string
  readonly hmaApplicationId: string
  readonly keyVaultUri: string
  readonly keyName: string
  readonly keyVaultApplicationId: string
  /** Undefined if the row names none: then the vault's tenant applies. */
  readonly keyVaultTenantId: string | undefined
  /** SHA-256 of the secret that is held, in hexadecimal. */
  readonly secretHash: string
}

/** `incomingcredentialretrieval` of a profile with Hybrid Modern Authentication. */
export const hybridModernAuthentication = 6

/** The `credentialsource` of a key vault, assumed unless a row says otherwise. */
const fromKeyVault = 1

const text = (row: Row | undefined, column: string): string => {
  const value = row?.cells[column]
  return typeof value === 'string' ? value : ''
}

const linked = (rows: Record<string, Row>, row: Row | undefined, column: string): Row | undefined => rows[text(row, column)]

/**
 * Reads the rows of a profile. No document shows which lookups the admin centre sets: the identity that reads the vault is taken
 * from the profile, or from its key vault reference, or from the reference of an identity whose credential lies in a key vault.
 * @returns what is missing, where the rows are not complete.
 */
export function profileInUse(
  organization: OrganizationState,
  profile: Row,
  { profileRows = 'any' }: Pick<Settings, 'profileRows'> = {},
): ProfileInUse | { readonly missing: string } {
  const { managedidentity: identities, keyvaultreference: references } = organization.tables
  const own = linked(identities, profile, 'managedidentityid')
  const isApplication = own?.cells.credentialsource === fromKeyVault && (profileRows === 'any' || profileRows === 'B')
  const direct = isApplication || profileRows === 'any' || profileRows === 'C' ? own : undefined
  const reference =
    linked(references, profile, 'keyvaultreferenceid') ??
    (isApplication ? linked(references, direct, 'keyvaultreferenceid') : undefined)
  const ofReference = profileRows === 'C' ? undefined : linked(identities, reference, 'managedidentityid')
  const identity = isApplication ? ofReference : (direct ?? ofReference)
  const found: ProfileInUse = {
    name: text(profile, 'name'),
    ewsUrl: text(profile, 'incomingserverlocation'),
    resourceId: text(profile, 'aadresourceid'),
    tenantId: profile.cells.usedefaulttenantid === false ? text(profile, 'exchangeonlinetenantid') : organization.tenantId,
    hmaApplicationId: isApplication ? text(direct, 'applicationid') : profileRows === 'B' ? '' : text(profile, 'oauthclientid'),
    keyVaultUri: text(reference, 'keyvaulturi'),
    keyName: text(reference, 'keyname'),
    keyVaultApplicationId: text(identity, 'applicationid'),
    keyVaultTenantId: text(identity, 'tenantid') || undefined,
    secretHash: identity?.sealed.clientsecret ?? '',
  }
  return complete(profile, reference, identity, found)
}

function complete(
  profile: Row,
  reference: Row | undefined,
  identity: Row | undefined,
  found: ProfileInUse,
): ProfileInUse | { readonly missing: string } {
  if (profile.cells.incomingcredentialretrieval !== hybridModernAuthentication)
    return { missing: 'the profile does not use Exchange Hybrid Modern Auth (HMA)' }
  if (reference === undefined) return { missing: 'the profile has no key vault reference' }
  if (identity === undefined) return { missing: 'the profile has no managed identity for the key vault' }
  const empty = Object.entries(found).find(([name, value]) => name !== 'keyVaultTenantId' && value === '')?.[0]
  return empty === undefined ? found : { missing: `the profile's rows hold no ${empty}` }
}
