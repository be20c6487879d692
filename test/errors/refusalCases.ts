import type { Service } from '../../src/azure/errors/problem.ts'

/** What a service answers: status, code (with an inner one behind a slash), its message, headers. */
export type Answer = readonly [status: number, code: string, message: string, headers?: Record<string, string>]

const scope = '/subscriptions/33333333/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail'
const client = "The client 'c' with object id 'o' does not have authorization to perform action"
const policy = "'44444444-4444-4444-4444-444444444444'"
const caller = 'appid=a;oid=o;iss=https://sts.windows.net/t/'
const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/55555555-5555-5555-5555-555555555555`

const rbac = (action: string, reason = 'DeniedWithNoValidRBAC', deny = 'null'): string =>
  [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    ...[`Caller: ${caller}`, `Action: 'Microsoft.KeyVault/vaults/${action}'`, `Resource: '${scope}'`, 'Assignment: (not found)'],
    ...[`DenyAssignmentId: ${deny}`, `DecisionReason: '${reason}' `, 'Vault: kv-contoso-mail;location=westeurope'],
  ].join('\r\n')

/** Of each service, with what was asked. Texts are Microsoft's where a source quotes them. */
export const answers: Readonly<
  Record<Exclude<Service, 'login' | 'exchange'>, { doing: string; needs?: string; host: string; answers: readonly Answer[] }>
> = {
  graph: {
    doing: 'read the application hma-contoso-kv-app',
    needs:
      'Application.Read.All. Give it in tenant 11111111: in Entra under App registrations, API permissions, with admin consent',
    host: 'graph.microsoft.com',
    answers: [
      [401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
      [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
      [
        403,
        'Authorization_RequestDenied',
        'When using this permission, the backing application of the service principal being created must in the local tenant',
      ],
      [403, 'Authorization_IdentityDisabled', 'The identity of the calling application is disabled.'],
      [403, 'Authorization_Brandnew', 'This was never seen before.'],
      [
        404,
        'Request_ResourceNotFound',
        "Resource 'x' does not exist or one of its queried reference-property objects are not present.",
      ],
      [404, 'Directory_ObjectNotFound', 'Unable to read the company information from the directory.'],
      [400, 'Request_BadRequest', "The appId 'x' of the service principal does not reference a valid application object."],
      [400, 'Request_BadRequest', 'Another object with the same value for property uniqueName already exists.'],
      [400, 'Request_BadRequest', 'Another object with the same value for property identifierUris already exists.'],
      [400, 'Request_BadRequest', 'Not a valid reference update.'],
      [400, 'Request_BadRequest', "Update to existing credential with KeyId '1' is not allowed."],
      [400, 'Request_BadRequest', 'No password credential found with keyId.'],
      [400, 'Request_BadRequest', 'Permission being assigned was not found on application.'],
      [
        400,
        'Request_BadRequest',
        'Unable to save changes because the credential limit has been reached. Please delete a credential and try again.',
      ],
      [400, 'Request_BadRequest', 'Invalid value specified for property displayName.'],
      [
        400,
        'Request_UnsupportedQuery',
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
      ],
      [400, 'CredentialTypeNotAllowedAsPerAppPolicy', `Credential type not allowed as per assigned policy ${policy}.`],
      [
        400,
        'CredentialInvalidLifetimeAsPerAppPolicy',
        `Credential lifetime exceeds the max value allowed as per assigned policy ${policy}.`,
      ],
      [400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.'],
      [
        400,
        'Directory_ResourceSizeExceeded',
        'The size of the object has exceeded its limit. Please reduce the number of values and retry your request',
      ],
      [403, 'Directory_QuotaExceeded', 'The directory object quota limit for the Principal has been exceeded.'],
      [
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        'The service principal cannot be created because the service principal name x is already in use.',
      ],
      [
        409,
        'Directory_ConcurrencyViolation',
        'Error due to concurrent requests being made to the tenant. Please wait briefly and retry.',
      ],
      [
        429,
        'TooManyRequests',
        'Too many requests from Identifier:x under category:aadgraph.app.tenant_large. Please try again later.',
      ],
      [421, '', ''],
      [503, '', ''],
    ],
  },
  keyVault: {
    doing: 'read the certificate HMA-Cert',
    host: 'kv-contoso-mail.vault.azure.net',
    answers: [
      [
        401,
        'Unauthorized',
        'AKV10032: Invalid issuer.',
        {
          'www-authenticate':
            'Bearer authorization="https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111", resource="https://vault.azure.net"',
        },
      ],
      [403, 'Forbidden/ForbiddenByRbac', rbac('certificates/read')],
      [403, 'Forbidden/ForbiddenByRbac', rbac('secrets/getSecret/action')],
      [
        403,
        'Forbidden/ForbiddenByRbac',
        rbac('certificates/read', 'DeniedWithDenyAssignment', '66666666-6666-6666-6666-666666666666'),
      ],
      [
        403,
        'Forbidden/ForbiddenByPolicy',
        `The user, group or application '${caller}' does not have certificates get permission on key vault 'kv-contoso-mail;location=westeurope'.`,
      ],
      [
        403,
        'Forbidden/ForbiddenByPolicy',
        `The user, group or application '${caller}' does not have secrets get permission on key vault 'kv-contoso-mail;location=westeurope' (compound identity).`,
      ],
      [
        403,
        'Forbidden/AccessDenied',
        `The user, group or application '${caller}' does not have secrets set permission on key vault 'kv-contoso-mail;location=westeurope'.`,
      ],
      [
        403,
        'Forbidden/ForbiddenByFirewall',
        `Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.7\r\nCaller: ${caller}\r\nVault: kv-contoso-mail;location=westeurope`,
      ],
      [
        403,
        'Forbidden/ForbiddenByFirewall',
        'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
      ],
      [
        403,
        'Forbidden/ForbiddenByConnection',
        'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
      ],
      [403, 'Forbidden/ForbiddenByNsp', 'Access denied by network security perimeter.'],
      [403, 'Forbidden/SecretDisabled', 'Operation get is not allowed on a disabled secret.'],
      [403, 'Forbidden', 'Merge is forbidden on pending object created with issuer : Self while it is in progess.'],
      [403, 'Forbidden/ForbiddenByMoon', 'The moon is in the wrong phase.'],
      [404, 'CertificateNotFound', 'A certificate with (name/id) HMA-Cert was not found in this key vault.'],
      [
        409,
        'Forbidden',
        "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.",
      ],
      [
        409,
        'Conflict/ObjectIsDeletedButRecoverable',
        'Certificate HMA-Cert is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.',
      ],
      [
        409,
        'Conflict/ObjectIsBeingDeleted',
        'Certificate HMA-Cert is currently being deleted and cannot be re-created; retry later.',
      ],
      [409, 'Conflict', "There was a conflict while recovering the soft-deleted certificate 'HMA-Cert'."],
      [
        400,
        'BadParameter',
        'The public key of the end-entity certificate in the specified X.509 certificate content does not match the public part of the specified private key.',
      ],
      [400, 'BadParameter', 'Property policy has invalid value'],
      [
        429,
        'Throttled',
        'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
      ],
    ],
  },
  resourceManager: {
    doing: 'create the vault kv-contoso-mail',
    host: 'management.azure.com',
    answers: [
      [401, 'ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.'],
      [401, 'InvalidAuthenticationTokenTenant', 'The access token is from the wrong issuer.'],
      [
        403,
        'AuthorizationFailed',
        `${client} 'Microsoft.KeyVault/vaults/write' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      ],
      [
        403,
        'AuthorizationFailed',
        `${client} 'Microsoft.Authorization/roleAssignments/write' over scope '${assignment}' or the scope is invalid.`,
      ],
      [403, 'AuthorizationFailed', `${client} 'Microsoft.Resources/tags/read' over scope '${scope}' or the scope is invalid.`],
      [
        403,
        'AuthorizationFailed',
        `The client 'c' with object id 'o' has an authorization with ABAC condition that is not fulfilled to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '${scope}'.`,
      ],
      [
        403,
        'DenyAssignmentAuthorizationFailed',
        "The client 'c' has permission to perform the action, but access is denied because of the deny assignment with name 'locked'.",
      ],
      [
        403,
        'RequestDisallowedByPolicy',
        `Resource 'kv-contoso-mail' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Key vaults must be private"}}]'.`,
      ],
      [
        403,
        'RequestDisallowedByAzure',
        'Resource was disallowed by Azure: This policy maintains a set of best available regions.',
      ],
      [403, 'AccessDeniedByTomorrow', 'Come back tomorrow.'],
      [404, 'ResourceGroupNotFound', "Resource group 'rg-mail' could not be found."],
      [
        404,
        'ResourceNotFound',
        "The Resource 'Microsoft.KeyVault/vaults/kv-contoso-mail' under resource group 'rg-mail' was not found.",
      ],
      [404, 'SubscriptionNotFound', "The subscription '33333333' could not be found."],
      [400, 'PrincipalNotFound', 'Principal x does not exist in the directory t. Check that you have the correct principal ID.'],
      [400, 'RoleAssignmentLimitExceeded', 'The number of role assignments has exceeded the limit of 4000.'],
      [400, 'RegionNotSupported', 'Region moonbase is not supported.'],
      [
        409,
        'ScopeLocked',
        `The scope '${scope}' cannot perform write operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
      ],
      [
        409,
        'ReadOnlyDisabledSubscription',
        "The subscription '33333333' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.",
      ],
      [409, 'MissingSubscriptionRegistration', "The subscription is not registered to use namespace 'Microsoft.KeyVault'."],
      [
        409,
        'VaultAlreadyExists',
        "The vault name 'kv-contoso-mail' is already in use. Vault names are globally unique so it is possible that the name is already taken.",
      ],
      [
        409,
        'ConflictError',
        'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.',
      ],
      [409, 'ConflictError', 'A conflict occurred that prevented the operation from completing.'],
      [409, 'RoleAssignmentExists', 'The role assignment already exists.'],
      [409, 'SomethingElse', 'A conflict of another sort.'],
      [
        429,
        'SubscriptionRequestsThrottled',
        "Number of 'read' requests for subscription '33333333' actor 'o' exceeded. Please try again after '10' seconds.",
      ],
      [500, 'InternalServerError', 'Encountered internal server error.'],
    ],
  },
  dataverse: {
    doing: 'read the email server profile Exchange on-premises (HMA)',
    host: 'contoso.crm4.dynamics.com',
    answers: [
      [401, '', ''],
      [403, '0x80072560', 'The user is not a member of the organization.'],
      [403, '0x80040220', 'Principal user (Id=1, type=8) is missing prvReadEmailServerProfile privilege'],
      [403, '0x80040225', 'The specified user(Id = 1) is disabled. Consider enabling this user.'],
      [400, '0x80040225', 'The specified user(Id = 1) is disabled. Consider enabling this user.'],
      [403, '0x8004a104', 'The organization is disabled.'],
      [
        403,
        '0x80095ffc',
        "Access to Dataverse API is restricted for this application Id : 'a'. Please contact your administrator for more information.",
      ],
      [403, '', ''],
      [403, '0x8fffffff', 'Nobody has seen this before.'],
      [404, '0x80040217', 'emailserverprofile With Id = 1 Does Not Exist'],
      [400, '0x80040265', 'Only mail admins may change profiles.'],
      [412, '', "The version of the existing record doesn't match the RowVersion property provided."],
      [429, '0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
      [502, '', ''],
    ],
  },
}

/** What Entra says at sign-in. */
export const signIns: readonly string[] = [
  'AADSTS90002: Tenant not found. Check to make sure you have the correct tenant ID.',
  "AADSTS700016: Application with identifier 'a' was not found in the directory 'Contoso'.",
  'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
  "AADSTS7000222: The provided client secret keys for app 'a' are expired.",
  "AADSTS7000112: Application 'a' is disabled.",
  'AADSTS7000229: The client application a is missing service principal in the tenant t.',
  'AADSTS700027: Client assertion failed signature validation.',
  'AADSTS700024: Client assertion is not within its valid time range.',
  'AADSTS700211: No matching federated identity record found for presented assertion issuer.',
  'AADSTS700213: No matching federated identity record found for presented assertion subject.',
  'AADSTS70021: No matching federated identity record found for presented assertion.',
  'AADSTS50034: The user account does not exist in the directory.',
  'AADSTS50076: Due to a configuration change made by your administrator, you must use multi-factor authentication.',
  'AADSTS53003: Access has been blocked by Conditional Access policies.',
  'AADSTS53011: User blocked due to risk on home tenant.',
  'AADSTS530035: Access has been blocked by security defaults.',
  'AADSTS500011: The resource principal named https://mail.contoso.com was not found in the tenant.',
  "AADSTS500014: The service principal for resource '00000002-0000-0ff1-ce00-000000000000' is disabled.",
  "AADSTS500021: Access to 'Contoso' tenant is denied.",
  "AADSTS5000211: A tenant restrictions policy added to this request by a device or network administrator does not allow access to 'Contoso'.",
  "AADSTS65001: The user or administrator has not consented to use the application with ID 'a'.",
  'AADSTS90033: A transient error has occurred. Please try again.',
  'AADSTS999999: Something that hma has never heard of.',
]

/** Codes of connections that fail. */
export const connections: readonly string[] = [
  ...['ENOTFOUND', 'ECONNREFUSED', 'TIMED_OUT', 'ECONNRESET', 'CONNECT_TIMED_OUT', 'PROXY', 'PROXY_CLOSED', 'ANSWER_TOO_LONG'],
  ...[
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNSPECIFIED',
  ],
  ...['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'],
  ...[
    'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
    'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  ],
  'ERR_SSL_DH_KEY_TOO_SMALL',
]
