import type { Json } from '../state.ts'

/**
 * The complex types of Graph's model, as far as objects here have them; a type in brackets is a collection of it. Names without a
 * prefix are of Graph itself. https://learn.microsoft.com/graph/api/overview
 */
export const complexTypes: Readonly<Record<string, string>> = {
  addIn: 'id:Guid properties:[keyValue] type:String',
  keyValue: 'key:String value:String',
  apiApplication:
    'acceptMappedClaims:Boolean knownClientApplications:[Guid] oauth2PermissionScopes:[permissionScope] preAuthorizedApplications:[preAuthorizedApplication] requestedAccessTokenVersion:Int32',
  permissionScope:
    'adminConsentDescription:String adminConsentDisplayName:String id:Guid isEnabled:Boolean origin:String type:String userConsentDescription:String userConsentDisplayName:String value:String',
  preAuthorizedApplication: 'appId:String delegatedPermissionIds:[String]',
  appRole:
    'allowedMemberTypes:[String] description:String displayName:String id:Guid isEnabled:Boolean origin:String value:String',
  certification:
    'certificationDetailsUrl:String certificationExpirationDateTime:DateTimeOffset isCertifiedByMicrosoft:Boolean isPublisherAttested:Boolean lastCertificationDateTime:DateTimeOffset',
  informationalUrl: 'logoUrl:String marketingUrl:String privacyStatementUrl:String supportUrl:String termsOfServiceUrl:String',
  keyCredential:
    'customKeyIdentifier:Binary displayName:String endDateTime:DateTimeOffset key:Binary keyId:Guid startDateTime:DateTimeOffset type:String usage:String',
  passwordCredential:
    'customKeyIdentifier:Binary displayName:String endDateTime:DateTimeOffset hint:String keyId:Guid secretText:String startDateTime:DateTimeOffset',
  optionalClaims: 'accessToken:[optionalClaim] idToken:[optionalClaim] saml2Token:[optionalClaim]',
  optionalClaim: 'additionalProperties:[String] essential:Boolean name:String source:String',
  parentalControlSettings: 'countriesBlockedForMinors:[String] legalAgeGroupRule:String',
  publicClientApplication: 'redirectUris:[String]',
  spaApplication: 'redirectUris:[String]',
  webApplication:
    'homePageUrl:String implicitGrantSettings:implicitGrantSettings logoutUrl:String redirectUris:[String] redirectUriSettings:[redirectUriSettings]',
  implicitGrantSettings: 'enableAccessTokenIssuance:Boolean enableIdTokenIssuance:Boolean',
  redirectUriSettings: 'index:Int32 uri:String',
  requestSignatureVerification: 'isSignedRequestRequired:Boolean',
  requiredResourceAccess: 'resourceAccess:[resourceAccess] resourceAppId:String',
  resourceAccess: 'id:Guid type:String',
  servicePrincipalLockConfiguration:
    'allProperties:Boolean credentialsWithUsageSign:Boolean credentialsWithUsageVerify:Boolean isEnabled:Boolean tokenEncryptionKeyId:Boolean',
  verifiedPublisher: 'addedDateTime:DateTimeOffset displayName:String verifiedPublisherId:String',
  resourceSpecificPermission: 'description:String displayName:String id:Guid isEnabled:Boolean value:String',
  samlSingleSignOnSettings: 'relayState:String',
  passwordProfile: 'forceChangePasswordNextSignIn:Boolean forceChangePasswordNextSignInWithMfa:Boolean password:String',
  employeeOrgData: 'costCenter:String division:String',
  objectIdentity: 'issuer:String issuerAssignedId:String signInType:String',
  assignedLicense: 'disabledPlans:[Guid] skuId:Guid',
  appManagementConfiguration: 'keyCredentials:[keyCredentialConfiguration] passwordCredentials:[passwordCredentialConfiguration]',
  keyCredentialConfiguration:
    'maxLifetime:Duration restrictForAppsCreatedAfterDateTime:DateTimeOffset restrictionType:String state:String',
  unifiedRolePermission: 'allowedResourceActions:[String] condition:String excludedResourceActions:[String]',
  passwordCredentialConfiguration:
    'maxLifetime:Duration restrictForAppsCreatedAfterDateTime:DateTimeOffset restrictionType:String state:String',
}

/** Properties of objects whose type does not follow from their name or their initial value; some differ from one kind to the next. */
const propertyTypes: Readonly<Record<string, string>> = {
  accountEnabled: 'Boolean',
  addIns: '[addIn]',
  api: 'apiApplication',
  appRoles: '[appRole]',
  appOwnerOrganizationId: 'Guid',
  appRoleId: 'Guid',
  assignedLicenses: '[assignedLicense]',
  certification: 'certification',
  employeeHireDate: 'DateTimeOffset',
  employeeOrgData: 'employeeOrgData',
  identities: '[objectIdentity]',
  info: 'informationalUrl',
  isAssignableToRole: 'Boolean',
  isDeviceOnlyAuthSupported: 'Boolean',
  isFallbackPublicClient: 'Boolean',
  keyCredentials: '[keyCredential]',
  oauth2PermissionScopes: '[permissionScope]',
  onPremisesSyncEnabled: 'Boolean',
  optionalClaims: 'optionalClaims',
  parentalControlSettings: 'parentalControlSettings',
  passwordCredentials: '[passwordCredential]',
  passwordProfile: 'passwordProfile',
  publicClient: 'publicClientApplication',
  requestSignatureVerification: 'requestSignatureVerification',
  requiredResourceAccess: '[requiredResourceAccess]',
  resourceSpecificApplicationPermissions: '[resourceSpecificPermission]',
  restrictions: 'appManagementConfiguration',
  rolePermissions: '[unifiedRolePermission]',
  samlSingleSignOnSettings: 'samlSingleSignOnSettings',
  servicePrincipalLockConfiguration: 'servicePrincipalLockConfiguration',
  showInAddressList: 'Boolean',
  spa: 'spaApplication',
  tokenEncryptionKeyId: 'Guid',
  verifiedPublisher: 'verifiedPublisher',
  web: 'webApplication',
}

/** The type of a property, by its name or its initial value. */
export function typeOf(name: string, unset: Json): string {
  const known = propertyTypes[name]
  if (known !== undefined) return known
  if (Array.isArray(unset)) return '[String]'
  return /DateTime$/.test(name) ? 'DateTimeOffset' : typeof unset === 'boolean' ? 'Boolean' : 'String'
}
