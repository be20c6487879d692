import type { Json } from './state.ts'

/** The properties of a kind in Graph's order, with the values of unset ones. */
export type Shape = readonly (readonly [name: string, unset: Json])[]

export type Version = 'v1.0' | 'beta'

const info = { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null }
const verifiedPublisher = { displayName: null, verifiedPublisherId: null, addedDateTime: null }

const api = {
  acceptMappedClaims: null,
  knownClientApplications: [],
  requestedAccessTokenVersion: null,
  oauth2PermissionScopes: [],
  preAuthorizedApplications: [],
}

const web = {
  homePageUrl: null,
  logoutUrl: null,
  redirectUris: [],
  implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
  redirectUriSettings: [],
}

/** https://learn.microsoft.com/graph/api/resources/application */
export const application: Shape = [
  ['id', null],
  ['deletedDateTime', null],
  ['appId', null],
  ['applicationTemplateId', null],
  ['disabledByMicrosoftStatus', null],
  ['createdDateTime', null],
  ['displayName', null],
  ['description', null],
  ['groupMembershipClaims', null],
  ['identifierUris', []],
  ['isDeviceOnlyAuthSupported', null],
  ['isFallbackPublicClient', null],
  ['nativeAuthenticationApisEnabled', null],
  ['notes', null],
  ['publisherDomain', null],
  ['serviceManagementReference', null],
  ['signInAudience', 'AzureADMyOrg'],
  ['tags', []],
  ['tokenEncryptionKeyId', null],
  ['uniqueName', null],
  ['samlMetadataUrl', null],
  ['defaultRedirectUri', null],
  ['certification', null],
  ['optionalClaims', null],
  ['servicePrincipalLockConfiguration', null],
  ['requestSignatureVerification', null],
  ['addIns', []],
  ['api', api],
  ['appRoles', []],
  ['info', info],
  ['keyCredentials', []],
  ['parentalControlSettings', { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' }],
  ['passwordCredentials', []],
  ['publicClient', { redirectUris: [] }],
  ['requiredResourceAccess', []],
  ['verifiedPublisher', verifiedPublisher],
  ['web', web],
  ['spa', { redirectUris: [] }],
]

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipal: Shape = [
  ['id', null],
  ['deletedDateTime', null],
  ['accountEnabled', true],
  ['alternativeNames', []],
  ['appDisplayName', null],
  ['appDescription', null],
  ['appId', null],
  ['applicationTemplateId', null],
  ['appOwnerOrganizationId', null],
  ['appRoleAssignmentRequired', false],
  ['createdDateTime', null],
  ['description', null],
  ['disabledByMicrosoftStatus', null],
  ['displayName', null],
  ['homepage', null],
  ['loginUrl', null],
  ['logoutUrl', null],
  ['notes', null],
  ['notificationEmailAddresses', []],
  ['preferredSingleSignOnMode', null],
  ['preferredTokenSigningKeyThumbprint', null],
  ['replyUrls', []],
  ['servicePrincipalNames', []],
  ['servicePrincipalType', 'Application'],
  ['signInAudience', 'AzureADMyOrg'],
  ['tags', []],
  ['tokenEncryptionKeyId', null],
  ['samlSingleSignOnSettings', null],
  ['addIns', []],
  ['appRoles', []],
  ['info', info],
  ['keyCredentials', []],
  ['oauth2PermissionScopes', []],
  ['passwordCredentials', []],
  ['resourceSpecificApplicationPermissions', []],
  ['verifiedPublisher', verifiedPublisher],
]

/** What beta shows in addition; HashiCorp's azuread selects one of these for each kind at every read. */
const betaOnly = {
  application: [['oauth2RequirePostResponse', false]],
  servicePrincipal: [
    ['samlMetadataUrl', null],
    ['errorUrl', null],
  ],
} as const satisfies Record<string, Shape>

/** Properties that beta has under another name: https://learn.microsoft.com/graph/api/resources/serviceprincipal?view=graph-rest-beta */
const betaName = (name: string): string => (name === 'oauth2PermissionScopes' ? 'publishedPermissionScopes' : name)

/** The shape of a kind in a version. */
export const shapeOf = (kind: 'application' | 'servicePrincipal', version: Version): Shape => {
  const shape = kind === 'application' ? application : servicePrincipal
  if (version === 'v1.0') return shape
  return [...shape.map(([name, value]) => [betaName(name), value] as const), ...betaOnly[kind]]
}

export const namesOf = (shape: Shape): ReadonlySet<string> => new Set(shape.map(([name]) => name))

/** The value of an unset property; undefined if the kind has no such property. */
export const unset = (shape: Shape, name: string): Json | undefined => shape.find(([known]) => known === name)?.[1]
