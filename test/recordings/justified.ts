/** An intended difference between an example and its replay. */
export interface Justified {
  readonly in: 'recordings replayed to the sandbox' | 'recordings replayed to the clients'
  readonly example: RegExp
  readonly difference: RegExp
  readonly why: string
}

const sandbox = (example: RegExp, difference: RegExp, why: string): Justified => ({
  ...{ in: 'recordings replayed to the sandbox', example, difference, why },
})
const clients = (example: RegExp, difference: RegExp, why: string): Justified => ({
  ...{ in: 'recordings replayed to the clients', example, difference, why },
})

const certificates = /Certificate(?!Operation|Issuer|Contacts)/

/** The examples of the data plane are of 2015 to 2019; the recording of 2026 has what they lack. */
const younger: readonly Justified[] = [
  sandbox(/^(\w*Certificate|\w*Secret)/, /\.recoverableDays: only here$/, 'came with API 7.1; recorded in 2026'),
  sandbox(
    /^(MergeCertificate|UpdateCertificate|GetSecrets|GetSecretVersions)$/,
    /\.recoveryLevel: only here$/,
    'left out of these examples; recorded in 2026',
  ),
  sandbox(certificates, /\.basic_constraints: only here$/, 'recorded in 2026'),
  sandbox(certificates, /^\.pending: only here$/, 'recorded in 2026: stands there from the first operation on'),
  sandbox(
    /^(GetCertificates|GetCertificateVersions|GetDeletedCertificates)$/,
    /\.subject: only here$/,
    'recorded in 2026: items of lists carry the subject',
  ),
  sandbox(/^UpdateCertificate$/, /^\.policy: only here$/, 'recorded in 2026: the whole bundle comes back'),
  sandbox(
    /^MergeCertificate$/,
    /\.key_usage: only here$/,
    'the example has no key usage; the vault adds its default to every policy',
  ),
  sandbox(/^MergeCertificate$/, /^\.sid: text, here address$/, 'the example has lost the scheme of this one address'),
]

/** The examples of Resource Manager are made up: what the recordings of 2024 show is different. */
const vaults: readonly Justified[] = [
  sandbox(
    /^Vaults_/,
    /\.systemData\.\w+By: text, here guid$/,
    'an application calls, which is named by its id; the examples have users',
  ),
  sandbox(/^Vaults_/, /\.hsmPoolResourceId: missing here$/, 'only vaults of an HSM pool have it, and recordings show none'),
  sandbox(
    /^Vaults_/,
    /\.(networkAcls|privateEndpointConnections): missing here$/,
    'recordings show neither where nobody has set one',
  ),
  sandbox(
    /^Vaults_/,
    /\.(enableSoftDelete|softDeleteRetentionInDays|enablePurgeProtection|publicNetworkAccess): only here$/,
    'recorded in 2024; the examples leave them out',
  ),
  sandbox(
    /^Vaults_List/,
    /\.enableRbacAuthorization: only here$/,
    'the vault that comes first in the list has role-based access',
  ),
  sandbox(
    /^Vaults_CreateOrUpdate \(createVaultWithNetworkAcls\)$/,
    /^status: 200 or 201, here 400 BadRequest$/,
    'the example sends no accessPolicies, although the description says that they are required; the sandbox keeps to the description',
  ),
]

const authorization: readonly Justified[] = [
  sandbox(
    /^RoleAssignments_/,
    /\.(condition|conditionVersion|createdOn|updatedOn|createdBy|updatedBy|delegatedManagedIdentityResourceId|description): only here$/,
    'the description has them, and so have recordings; the examples leave them out',
  ),
  sandbox(/^RoleDefinitions_/, /\.(createdOn|updatedOn|createdBy|updatedBy): only here$/, 'the same'),
  sandbox(/^RoleDefinitions_/, /\.name: text, here guid$/, 'the example says "roleDefinitionId" where a GUID stands'),
  sandbox(/^RoleDefinitions_Get$/, /\.actions: empty here$/, 'the built-in role that is asked for has data actions only'),
]

/** docs/guides/sandbox.md names what the sandbox does not serve: it answers as for an unknown type of resource. */
const unserved: readonly Justified[] = [
  sandbox(/^Private(EndpointConnections|LinkResources)_/, /here 404 InvalidResourceType$/, 'private endpoints are not served'),
  sandbox(/^Secrets_/, /here 404 InvalidResourceType$/, 'secrets are served by the data plane only'),
  sandbox(/^Operations_/, /here 404 InvalidResourceType$/, 'the list of operations is not served'),
  sandbox(
    /^DenyAssignments_Get/,
    /^status: 200, here 404 DenyAssignmentNotFound$/,
    'only services of Azure make deny assignments, and the sandbox has none of those',
  ),
  sandbox(/^DenyAssignments_List/, /^\.value: empty here$/, 'the same'),
]

const permissions: readonly Justified[] = [
  sandbox(/^Permissions_ListForResourceGroup$/, /^\.nextLink: missing here$/, 'all the permissions fit on one page'),
  sandbox(
    /^Permissions_ListForResource$/,
    /\.(dataActions|notDataActions): only here$/,
    'the description has them, and so has the example of the resource group; this one leaves them out',
  ),
]

const scrubbed: readonly Justified[] = [
  sandbox(/^keyCredentials after PATCH$/, /\.keyId: text, here guid$/, 'a placeholder stands in the recording'),
]

const captured: readonly Justified[] = [
  sandbox(
    /^captured importCertificate PEM \(public options\)/,
    /^status: 200, here 400 .*BadParameter/,
    'the capture was made against a program that takes anything, and its PEM has no certificate; a vault reads PEM only where the policy says so, which the SDK leaves out (https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate)',
  ),
]

const told: readonly Justified[] = [
  clients(
    /^Vaults_Get 200$/,
    /^Azure Resource Manager says that the vault kv-contoso answers at https:\/\/sample-vault\.vault\.azure\.net, and not at /,
    'the vault of the example is another one than was asked for, and hma sends nothing to an address that it did not expect',
  ),
  clients(
    /^login refuses/,
    /^status: 401, here undefined$/,
    '@azure/identity hands on the description and not the status, so hma claims none',
  ),
]

export const justified: readonly Justified[] = [
  ...younger,
  ...vaults,
  ...authorization,
  ...unserved,
  ...permissions,
  ...scrubbed,
  ...captured,
  ...told,
]
