import type { ErrorRow, Refused } from '../errors/row.ts'

const policyId = ({ message }: Refused): string => /policy '?([0-9a-f-]{36})'?/i.exec(message)?.[1] ?? 'of this tenant'

const lagging = 'What was created before is not visible in Entra yet. Run `hma apply` again. It continues where it stopped.'
const reportIt = 'hma asked for something that Graph does not support. Report it with what `-v` prints.'
const changed = 'The certificates of the registration have changed since hma read them. Run it again.'
const tooMany = 'The registration holds too many credentials. Remove those that are no longer used.'

/**
 * What Microsoft Graph refuses. Sources: https://learn.microsoft.com/graph/errors; the directory's lag as
 * https://github.com/hashicorp/terraform-provider-azuread and https://github.com/nais/azurerator have seen it.
 */
export const directoryErrors: readonly ErrorRow[] = [
  { says: /backing application of the service principal/i, passes: 'lag', entry: 'HMA506', next: lagging },
  {
    ...{ code: 'Authorization_RequestDenied', missingRight: true, entry: 'HMA301' },
    next: ({ needs }) => (needs === undefined ? '' : `The signed-in identity needs ${needs}.`),
  },
  {
    ...{ code: 'Authorization_IdentityDisabled', entry: 'HMA204' },
    next: 'The signed-in identity is disabled. Have an administrator enable it, or use another.',
  },
  {
    ...{ code: 'Authorization_IdentityNotFound', passes: 'lag', entry: 'HMA204' },
    next: 'The signed-in identity is not in this tenant. Check `auth` for it.',
  },
  {
    ...{ code: 'InvalidAuthenticationToken', entry: 'HMA204' },
    next: 'Microsoft Graph does not accept the token. Check `auth` for this tenant, and the clock of this machine.',
  },
  { code: 'NoBackingApplicationObject', passes: 'lag', entry: 'HMA506', next: lagging },
  { says: /does not reference a valid application object/i, passes: 'lag', entry: 'HMA506', next: lagging },
  { says: /not a valid reference update/i, passes: 'lag', entry: 'HMA506', next: lagging },
  {
    ...{ says: /property uniqueName/i, passes: 'lag', entry: 'HMA402' },
    next: 'A deleted application holds this name for 30 days. Let hma restore it, or delete it permanently in Entra under Deleted applications.',
  },
  {
    ...{ says: /property identifierUris/i, entry: 'HMA402' },
    next: 'Another application uses this identifier URI. Remove it there.',
  },
  { code: 'ObjectConflict', entry: 'HMA402', next: 'Another object uses this value. Choose another name in the configuration.' },
  {
    ...{ code: 'Request_MultipleObjectsWithSameKeyValue', passes: 'lag', entry: 'HMA404' },
    next: 'The service principal was created by someone else at the same time. Run `hma plan` to see it.',
  },
  {
    ...{ code: 'Directory_ConcurrencyViolation', passes: 'transient', entry: 'HMA404' },
    next: 'Someone else keeps changing this object. Run `hma apply` again later.',
  },
  {
    ...{ code: 'Directory_ObjectNotFound', passes: 'lag', entry: 'HMA508' },
    next: 'Entra still answers from a replica that does not know the tenant. Run it again in a few minutes.',
  },
  {
    ...{ code: 'CredentialTypeNotAllowedAsPerAppPolicy', entry: 'HMA306' },
    next: (refused) =>
      `The app management policy ${policyId(refused)} forbids this type of credential. Ask a Global Administrator to exempt this application.`,
  },
  ...['CredentialInvalidLifetimeAsPerAppPolicy', 'InvalidKeyEndDate'].map(
    (code): ErrorRow => ({
      ...{ code, entry: 'HMA306' },
      next: (refused) =>
        `The app management policy ${policyId(refused)} allows a shorter lifetime only. Lower keyVaultApp.clientSecret.lifetimeDays or certificate.validityMonths.`,
    }),
  ),
  {
    ...{ code: 'SignInAudienceNotAllowedAsPerAppPolicy', entry: 'HMA306' },
    next: 'An app management policy forbids the audience of this registration. Ask a Global Administrator to exempt it.',
  },
  {
    ...{ code: 'KeyCredentialsInvalidEndDate', entry: 'HMA405' },
    next: 'Entra does not accept the end date of the certificate. Check that the certificate is still valid.',
  },
  { code: 'KeyNotUpdatable', entry: 'HMA404', next: changed },
  { says: /update to existing credential/i, entry: 'HMA404', next: changed },
  // A replica that lags, or lagged before another run's write, showed an entry that is gone: sent back without its key, it looks new.
  { says: /key credential must have a value/i, passes: 'lag', entry: 'HMA404', next: changed },
  { code: 'Directory_ResourceSizeExceeded', entry: 'HMA406', next: tooMany },
  { says: /credential limit/i, entry: 'HMA406', next: tooMany },
  {
    ...{ code: 'Directory_QuotaExceeded', entry: 'HMA406' },
    next: 'This identity has reached its limit of directory objects. Use another, or delete what is no longer used.',
  },
  {
    ...{ code: 'TooManyRequests', passes: 'transient', entry: 'HMA504' },
    next: 'Microsoft Graph is throttling this application or tenant. Run again later, or with a lower --concurrency.',
  },
  { code: 'Request_UnsupportedQuery', entry: 'HMA405', next: reportIt },
  { says: /KeyId is not supported/i, entry: 'HMA405', next: reportIt },
  { says: /no password credential found/i, entry: 'HMA508', next: 'The secret has already been removed. Run the command again.' },
  {
    says: /already exists on the object/i,
    entry: 'HMA404',
    next: 'The permission has already been granted. Run the command again.',
  },
  {
    ...{ says: /permission being assigned was not found/i, entry: 'HMA508' },
    next: 'Office 365 Exchange Online does not offer this permission in this tenant. Check hmaApp.tenantId.',
  },
  { says: /EntitlementGrant|invalid object identifier/i, entry: 'HMA405', next: reportIt },
  { status: 405, entry: 'HMA405', next: reportIt },
  {
    ...{ code: 'Request_ResourceNotFound', passes: 'lag', entry: 'HMA508' },
    next: 'Check the name or id in the message. What was created a moment ago may take a minute to appear.',
  },
  {
    ...{ code: 'Request_BadRequest', entry: 'HMA405' },
    next: 'Correct the value that the message names. If none of yours is meant, report it with what `-v` prints.',
  },
]
