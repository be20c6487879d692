import { missingPermission, missingVaultRole } from '../errors/missingRight.ts'
import type { ErrorRow, Refused } from '../errors/row.ts'

const publicAccessOff =
  'Public network access of the vault is off, so no address rule can help. Run hma from inside its network, through the private endpoint, or turn public access on for selected networks.'

/** The vault names its tenant when it refuses a token. */
function tenantOf({ headers }: Refused): string {
  const tenant = /authorization="[^"]*\/([0-9a-f-]{36})"/i.exec(headers['www-authenticate'] ?? '')?.[1]
  return tenant === undefined
    ? 'The vault does not accept the token. Check `auth` for this tenant, and the clock of this machine.'
    : `The vault belongs to tenant ${tenant}. Check keyVault.tenantId and \`auth\` for it.`
}

/**
 * What a vault refuses. Sources: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes,
 * https://learn.microsoft.com/azure/key-vault/general/common-error-codes,
 * https://learn.microsoft.com/azure/key-vault/certificates/create-certificate-scenarios.
 */
export const keyVaultErrors: readonly ErrorRow[] = [
  {
    ...{ code: 'ForbiddenByNsp', entry: 'HMA305' },
    next: 'A network security perimeter around the vault does not allow this machine. Have its administrator add an inbound access rule, or run hma from inside the perimeter.',
  },
  { code: 'ForbiddenByFirewall', says: /public network access/i, entry: 'HMA305', next: publicAccessOff },
  { code: 'ForbiddenByConnection', entry: 'HMA305', next: publicAccessOff },
  {
    ...{ code: 'ForbiddenByFirewall', entry: 'HMA305' },
    next: "The vault's firewall does not allow this machine. Add its address under Networking, or run hma from inside the network.",
  },
  {
    ...{ code: 'SecretDisabled', entry: 'HMA405' },
    next: 'Enable the current version of the secret in the vault, or let hma write a new one.',
  },
  {
    ...{ code: 'ForbiddenByRbac', says: /DenyAssignmentId: (?!null)|DeniedWithDeny/i, entry: 'HMA405' },
    next: 'A deny assignment forbids it, whatever roles the identity holds. Ask its owner to exclude this identity.',
  },
  {
    ...{ code: 'ForbiddenByRbac', passes: 'refusal', missingRight: true, entry: 'HMA302' },
    next: missingVaultRole,
  },
  {
    ...{ code: 'ForbiddenByPolicy', says: /compound/i, passes: 'refusal', missingRight: true, entry: 'HMA302' },
    next: 'The access policy for this user is tied to another application (compound identity). Add an access policy for the user alone, or for the application that signs in.',
  },
  { code: 'ForbiddenByPolicy', passes: 'refusal', missingRight: true, entry: 'HMA302', next: missingPermission },
  { code: 'AccessDenied', passes: 'refusal', missingRight: true, entry: 'HMA302', next: missingPermission },
  { code: 'Unauthorized', entry: 'HMA204', next: tenantOf },
  { status: 401, entry: 'HMA204', next: tenantOf },
  {
    ...{ code: 'ObjectIsDeletedButRecoverable', passes: 'lag', entry: 'HMA404' },
    next: 'A deleted object holds this name. Run `hma apply` again: it recovers it.',
  },
  {
    ...{ code: 'ObjectIsBeingDeleted', passes: 'lag', entry: 'HMA404' },
    next: 'The vault is still deleting an object of this name. Run `hma apply` again in a few minutes.',
  },
  {
    ...{ code: 'ObjectIsBeingRecovered', passes: 'lag', entry: 'HMA404' },
    next: 'The vault is still recovering an object of this name. Run `hma apply` again in a few minutes.',
  },
  {
    ...{ code: 'Forbidden', status: 409, passes: 'lag', entry: 'HMA404' },
    meaning: 'A certificate operation is already in progress in the vault, and only one can be.',
    next: 'Finish it or cancel it: az keyvault certificate pending show, then merge or delete. With a CA as issuer it ends when the CA answers.',
  },
  {
    ...{ code: 'Forbidden', says: /merge is forbidden/i, entry: 'HMA404' },
    next: 'The pending certificate belongs to an issuer, and nothing can be merged into it. Cancel it (az keyvault certificate pending delete) or wait for the issuer.',
  },
  {
    ...{ code: 'Conflict', passes: 'lag', entry: 'HMA404' },
    next: 'The vault is busy with the same object. Run `hma apply` again in a few minutes.',
  },
  {
    ...{ code: 'BadParameter', says: /public key/i, entry: 'HMA405' },
    next: 'The certificate does not match the pending key in the vault. Have the current request signed: `hma csr` prints it.',
  },
  {
    ...{ code: 'BadParameter', entry: 'HMA405' },
    next: 'The vault does not accept a value of `certificate` or `keyVaultApp.clientSecret`. Correct the one that the message names.',
  },
  ...['CertificateNotFound', 'SecretNotFound', 'PendingCertificateNotFound'].map(
    (code): ErrorRow => ({
      ...{ code, passes: 'lag', entry: 'HMA508' },
      next: 'Check certificate.name and keyVaultApp.clientSecret.vaultSecretName. What was created a moment ago may take a minute to appear.',
    }),
  ),
  {
    ...{ code: 'Throttled', passes: 'transient', entry: 'HMA504' },
    next: 'The vault is throttling: too many requests within ten seconds. Run again later, or with a lower --concurrency.',
  },
]
