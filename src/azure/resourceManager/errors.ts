import { missingRole } from '../errors/missingRight.ts'
import type { ErrorRow } from '../errors/row.ts'

const subscription =
  'Check that keyVault.subscriptionId belongs to keyVault.tenantId, and that the signed-in identity may see it.'
const notAccepted = 'Azure does not accept the token. Check `auth` for this tenant, and the clock of this machine.'
const otherName = 'Vault names are unique in the whole cloud, deleted vaults included. Choose another keyVault.name.'

/**
 * What Azure Resource Manager refuses. Sources: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors,
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting, https://learn.microsoft.com/azure/key-vault/general/common-error-codes.
 */
export const resourceManagerErrors: readonly ErrorRow[] = [
  {
    ...{ code: 'AuthorizationFailed', says: /ABAC condition|condition that is not (fulfilled|met)/i, entry: 'HMA405' },
    next: 'The signed-in identity holds a role for this, but the condition of its role assignment does not allow it. Ask the person who assigned the role to let the condition include Key Vault Certificate User and Key Vault Secrets User.',
  },
  { code: 'AuthorizationFailed', missingRight: true, entry: 'HMA303', next: missingRole },
  { code: 'LinkedAuthorizationFailed', missingRight: true, entry: 'HMA303', next: missingRole },
  {
    ...{ code: 'DenyAssignmentAuthorizationFailed', entry: 'HMA405' },
    next: 'A deny assignment forbids it, whatever roles the identity holds. Ask the owner of the deny assignment (a managed application, a deployment stack) to exclude this identity.',
  },
  {
    ...{ code: 'RequestDisallowedByPolicy', entry: 'HMA405' },
    next: 'An Azure Policy forbids it; the message names the policy. Change keyVault.create to meet the policy, or ask its administrator to exempt the resource group.',
  },
  {
    ...{ code: 'RequestDisallowedByAzure', entry: 'HMA405' },
    next: 'Azure does not allow this for the subscription in this region. Choose another keyVault.create.location, or ask Azure support.',
  },
  {
    ...{ code: 'ScopeLocked', entry: 'HMA405' },
    next: 'A lock on the resource, its group or the subscription forbids it. Have the lock removed for the time of the run; `az lock list` shows it.',
  },
  {
    ...{ code: 'ReadOnlyDisabledSubscription', entry: 'HMA405' },
    next: 'The subscription is disabled and read-only. Have its owner reactivate it in the portal under Subscriptions.',
  },
  {
    ...{ code: 'RoleAssignmentLimitExceeded', entry: 'HMA406' },
    next: 'The subscription has reached its limit of role assignments. Remove those that are no longer used, or assign the roles to groups.',
  },
  {
    ...{ code: 'RoleAssignmentExists', entry: 'HMA404' },
    next: 'Someone else assigned the same role at the same time. Run the command again.',
  },
  {
    ...{ code: 'RoleAssignmentUpdateNotPermitted', entry: 'HMA404' },
    next: 'A role assignment with this id exists for something else. Remove it, and run it again.',
  },
  {
    ...{ code: 'PrincipalNotFound', passes: 'lag', entry: 'HMA506' },
    next: 'The service principal is not visible in Azure yet. Run `hma apply` again. It continues where it stopped.',
  },
  {
    ...{ code: 'ResourceGroupNotFound', entry: 'HMA134' },
    next: 'Check keyVault.resourceGroup, or create the group: az group create --name … --location ….',
  },
  { code: 'SubscriptionNotFound', entry: 'HMA134', next: subscription },
  { code: 'InvalidSubscriptionId', entry: 'HMA134', next: 'keyVault.subscriptionId is not a subscription id. Correct it.' },
  { code: 'InvalidAuthenticationTokenTenant', entry: 'HMA204', next: subscription },
  { code: 'InvalidAuthenticationToken', entry: 'HMA204', next: notAccepted },
  { code: 'ExpiredAuthenticationToken', entry: 'HMA204', next: notAccepted },
  { code: 'AuthenticationFailed', entry: 'HMA204', next: notAccepted },
  {
    ...{ code: 'ResourceNotFound', passes: 'lag', entry: 'HMA508' },
    next: 'Check keyVault.name and keyVault.resourceGroup. What was created a moment ago may take a minute to appear.',
  },
  { code: 'VaultAlreadyExists', entry: 'HMA402', next: otherName },
  {
    ...{ code: 'ConflictError', says: /deleted state/i, passes: 'lag', entry: 'HMA402' },
    next: 'A deleted vault holds this name. Run `hma apply` again: it recovers it.',
  },
  {
    ...{ code: 'ConflictError', passes: 'transient', entry: 'HMA404' },
    next: 'Another operation on the vault keeps it busy. Run `hma apply` again when it has ended.',
  },
  {
    ...{ code: 'AnotherOperationInProgress', passes: 'transient', entry: 'HMA404' },
    next: 'Another operation on the vault keeps it busy. Run `hma apply` again when it has ended.',
  },
  { code: 'VaultNameNotValid', entry: 'HMA405', next: 'Correct keyVault.name: 3 to 24 letters, digits and hyphens.' },
  ...['RegionNotSupported', 'LocationNotAvailableForResourceType', 'InvalidResourceLocation'].map(
    (code): ErrorRow => ({
      ...{ code, entry: 'HMA405' },
      next: 'Choose another keyVault.create.location.',
    }),
  ),
  { code: 'SkuNotSupported', entry: 'HMA405', next: 'Choose another keyVault.create.sku.' },
  {
    ...{ code: 'MissingSubscriptionRegistration', entry: 'HMA134' },
    next: 'Run: az provider register --namespace Microsoft.KeyVault',
  },
  {
    ...{ code: 'SubscriptionRequestsThrottled', passes: 'transient', entry: 'HMA504' },
    next: 'Azure is throttling this subscription. Run again later, or with a lower --concurrency.',
  },
  {
    ...{ code: 'TooManyRequests', passes: 'transient', entry: 'HMA504' },
    next: 'Azure is throttling this subscription. Run again later, or with a lower --concurrency.',
  },
]
