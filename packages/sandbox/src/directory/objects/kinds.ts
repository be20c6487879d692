import type { Operation } from '../permissions.ts'
import type { Shape } from '../shapes.ts'
import type { Json, ObjectKindName } from '../state.ts'
import { readRestrictions } from './restrictions.ts'

/** A kind of object other than applications and service principals: its name, its properties, and who may do what. */
export interface ObjectKind {
  /** Name of the collection, as in paths. */
  readonly collection: string
  /** As in `#microsoft.graph.user`. */
  readonly type: string
  readonly shape: Shape
  /** What a read shows without `$select`; everything, if left out. */
  readonly shown?: readonly string[]
  /** What a creation requires. */
  readonly required: readonly string[]
  /** Read-only properties. */
  readonly readOnly: readonly string[]
  /** Another name by which it is addressed. */
  readonly alternate?: string
  readonly read: Operation
  readonly write: Operation
  /** Checks of values, for properties that need more than a known name. */
  readonly fits?: (name: string, value: Json) => boolean
  /** Is it soft-deleted? Otherwise deletion is permanent. */
  readonly softDelete: boolean
}

const shownOfUser =
  'businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id'

/** https://learn.microsoft.com/graph/api/resources/user */
const user: ObjectKind = {
  collection: 'users',
  type: 'user',
  shape: [
    ['businessPhones', []],
    ['displayName', null],
    ['givenName', null],
    ['jobTitle', null],
    ['mail', null],
    ['mobilePhone', null],
    ['officeLocation', null],
    ['preferredLanguage', null],
    ['surname', null],
    ['userPrincipalName', null],
    ['id', null],
    ['accountEnabled', null],
    ['ageGroup', null],
    ['assignedLicenses', []],
    ['city', null],
    ['companyName', null],
    ['consentProvidedForMinor', null],
    ['country', null],
    ['createdDateTime', null],
    ['creationType', null],
    ['deletedDateTime', null],
    ['department', null],
    ['employeeHireDate', null],
    ['employeeId', null],
    ['employeeOrgData', null],
    ['employeeType', null],
    ['externalUserState', null],
    ['faxNumber', null],
    ['identities', []],
    ['imAddresses', []],
    ['lastPasswordChangeDateTime', null],
    ['mailNickname', null],
    ['onPremisesDistinguishedName', null],
    ['onPremisesDomainName', null],
    ['onPremisesImmutableId', null],
    ['onPremisesSamAccountName', null],
    ['onPremisesSecurityIdentifier', null],
    ['onPremisesSyncEnabled', null],
    ['onPremisesUserPrincipalName', null],
    ['otherMails', []],
    ['passwordPolicies', null],
    ['passwordProfile', null],
    ['postalCode', null],
    ['proxyAddresses', []],
    ['refreshTokensValidFromDateTime', null],
    ['securityIdentifier', null],
    ['showInAddressList', null],
    ['signInSessionsValidFromDateTime', null],
    ['state', null],
    ['streetAddress', null],
    ['usageLocation', null],
    ['userType', 'Member'],
  ],
  shown: shownOfUser.split(' '),
  required: ['accountEnabled', 'displayName', 'mailNickname', 'passwordProfile', 'userPrincipalName'],
  readOnly: ['id', 'createdDateTime', 'deletedDateTime', 'securityIdentifier', 'proxyAddresses', 'creationType'],
  alternate: 'userPrincipalName',
  read: 'readUsers',
  write: 'writeUsers',
  softDelete: true,
}

/** https://learn.microsoft.com/graph/api/resources/group */
const group: ObjectKind = {
  collection: 'groups',
  type: 'group',
  shape: [
    ['id', null],
    ['deletedDateTime', null],
    ['classification', null],
    ['createdDateTime', null],
    ['creationOptions', []],
    ['description', null],
    ['displayName', null],
    ['expirationDateTime', null],
    ['groupTypes', []],
    ['isAssignableToRole', null],
    ['mail', null],
    ['mailEnabled', false],
    ['mailNickname', null],
    ['membershipRule', null],
    ['membershipRuleProcessingState', null],
    ['onPremisesDomainName', null],
    ['onPremisesLastSyncDateTime', null],
    ['onPremisesNetBiosName', null],
    ['onPremisesSamAccountName', null],
    ['onPremisesSecurityIdentifier', null],
    ['onPremisesSyncEnabled', null],
    ['preferredDataLocation', null],
    ['preferredLanguage', null],
    ['proxyAddresses', []],
    ['renewedDateTime', null],
    ['resourceBehaviorOptions', []],
    ['resourceProvisioningOptions', []],
    ['securityEnabled', true],
    ['securityIdentifier', null],
    ['theme', null],
    ['uniqueName', null],
    ['visibility', null],
    ['onPremisesProvisioningErrors', []],
    ['serviceProvisioningErrors', []],
  ],
  required: ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'],
  readOnly: ['id', 'createdDateTime', 'deletedDateTime', 'securityIdentifier', 'proxyAddresses', 'renewedDateTime', 'mail'],
  read: 'readGroups',
  write: 'writeGroups',
  softDelete: false,
}

/** https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
const permissionGrant: ObjectKind = {
  collection: 'oauth2PermissionGrants',
  type: 'oAuth2PermissionGrant',
  shape: [
    ['clientId', null],
    ['consentType', null],
    ['id', null],
    ['principalId', null],
    ['resourceId', null],
    ['scope', null],
  ],
  required: ['clientId', 'consentType', 'resourceId'],
  readOnly: ['id'],
  read: 'readGrants',
  write: 'writeGrants',
  softDelete: false,
}

/** https://learn.microsoft.com/graph/api/resources/claimsmappingpolicy */
const claimsMappingPolicy: ObjectKind = {
  collection: 'policies/claimsMappingPolicies',
  type: 'claimsMappingPolicy',
  shape: [
    ['id', null],
    ['deletedDateTime', null],
    ['definition', []],
    ['displayName', null],
    ['isOrganizationDefault', false],
  ],
  required: ['definition', 'displayName'],
  readOnly: ['id', 'deletedDateTime'],
  read: 'readApplicationPolicies',
  write: 'writeApplicationPolicies',
  softDelete: false,
}

/** https://learn.microsoft.com/graph/api/resources/appmanagementpolicy */
const appManagementPolicy: ObjectKind = {
  collection: 'policies/appManagementPolicies',
  type: 'appManagementPolicy',
  shape: [
    ['id', null],
    ['deletedDateTime', null],
    ['displayName', null],
    ['description', null],
    ['isEnabled', false],
    ['restrictions', { passwordCredentials: [], keyCredentials: [] }],
  ],
  required: ['displayName', 'description'],
  readOnly: ['id', 'deletedDateTime'],
  fits: (name, value) => name !== 'restrictions' || readRestrictions(value) !== undefined,
  read: 'policy',
  write: 'writeApplicationPolicies',
  softDelete: false,
}

/** https://learn.microsoft.com/graph/api/resources/directoryrole */
const directoryRole: ObjectKind = {
  collection: 'directoryRoles',
  type: 'directoryRole',
  shape: [
    ['id', null],
    ['deletedDateTime', null],
    ['description', null],
    ['displayName', null],
    ['roleTemplateId', null],
  ],
  required: ['roleTemplateId'],
  readOnly: ['id', 'deletedDateTime', 'description', 'displayName'],
  read: 'readRoles',
  write: 'writeRoles',
  softDelete: false,
}

/** A custom role: https://learn.microsoft.com/graph/api/resources/unifiedroledefinition */
const roleDefinition: ObjectKind = {
  collection: 'roleManagement/directory/roleDefinitions',
  type: 'unifiedRoleDefinition',
  shape: [
    ['id', null],
    ['description', null],
    ['displayName', null],
    ['isBuiltIn', false],
    ['isEnabled', true],
    ['resourceScopes', ['/']],
    ['templateId', null],
    ['version', null],
    ['rolePermissions', []],
    ['inheritsPermissionsFrom', []],
  ],
  required: ['displayName', 'isEnabled', 'rolePermissions'],
  readOnly: ['id', 'isBuiltIn', 'inheritsPermissionsFrom'],
  read: 'readRoles',
  write: 'writeRoles',
  softDelete: false,
}

export const objectKinds = {
  ...{ user, group, permissionGrant, claimsMappingPolicy, appManagementPolicy },
  ...{ directoryRole, roleDefinition },
} satisfies Record<ObjectKindName, unknown>

export type { ObjectKindName }
