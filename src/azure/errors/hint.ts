import { hintForSignIn } from '../credentials/signInHint.ts'
import { isCertificateProblem, type Unreachable } from '../http/unreachable.ts'
import { missingPermission, missingPrivilege, missingRole, missingVaultRole } from './missingRight.ts'
import type { Problem, Service } from './problem.ts'

type Headers = Readonly<Record<string, string>>

/** What the operator can do about a refusal, or undefined where nobody can say. */
export function hintFor(problem: Problem, asked: { readonly needs?: string | undefined }, headers: Headers): string | undefined {
  if (problem.status === 429) return 'The service is throttling. Run again later, or with a lower --concurrency.'
  const special = bySort[problem.service](problem, headers)
  if (special !== undefined) return special
  if (problem.status === 401)
    return 'The service does not accept the token. Check `auth` for this tenant, and the clock of this machine.'
  return problem.status === 403 && asked.needs !== undefined ? `The signed-in identity needs ${asked.needs}.` : undefined
}

const policyId = (message: string): string => /policy '?([0-9a-f-]{36})'?/i.exec(message)?.[1] ?? 'of this tenant'

function forGraph({ status, code, codes, message }: Problem): string | undefined {
  if (codes.includes('CredentialTypeNotAllowedAsPerAppPolicy'))
    return `The app management policy ${policyId(message)} forbids this sort of credential. Ask a Global Administrator to exempt this application.`
  if (codes.includes('CredentialInvalidLifetimeAsPerAppPolicy'))
    return `The app management policy ${policyId(message)} allows less. Lower keyVaultApp.clientSecret.lifetimeDays or certificate.validityMonths.`
  if (status === 400 && /property uniqueName/i.test(message))
    return 'A deleted application holds this name for 30 days. Let hma restore it, or delete it for good in Entra under Deleted applications.'
  if (code === 'Directory_ResourceSizeExceeded' || /credential limit/i.test(message))
    return 'The registration holds too many credentials. Remove those that are not used any more.'
  return code === 'Directory_QuotaExceeded'
    ? 'This identity has created as many directory objects as it may. Use another.'
    : undefined
}

function forKeyVault(problem: Problem, headers: Headers): string | undefined {
  const { status, code } = problem
  if (code === 'ForbiddenByFirewall' || code === 'ForbiddenByConnection')
    return "The vault's firewall does not let this machine in. Add its address under Networking, or run hma from inside the network."
  if (code === 'ForbiddenByRbac') return missingVaultRole(problem)
  if (code === 'ForbiddenByPolicy' || code === 'AccessDenied') return missingPermission(problem)
  if (code === 'SecretDisabled') return 'Enable the current version of the secret in the vault, or let hma write a new one.'
  if (status !== 401) return undefined
  const tenant = /authorization="[^"]*\/([0-9a-f-]{36})"/i.exec(headers['www-authenticate'] ?? '')?.[1]
  return tenant === undefined ? undefined : `The vault belongs to tenant ${tenant}. Check keyVault.tenantId and \`auth\` for it.`
}

function forResourceManager({ code, message }: Problem): string | undefined {
  if (code === 'AuthorizationFailed' || code === 'LinkedAuthorizationFailed') return missingRole(message)
  if (code === 'ResourceGroupNotFound')
    return 'Check keyVault.resourceGroup, or make the group: az group create --name … --location ….'
  if (code === 'SubscriptionNotFound' || code === 'InvalidAuthenticationTokenTenant')
    return 'Check that keyVault.subscriptionId belongs to keyVault.tenantId, and that the signed-in identity may see it.'
  if (code === 'VaultAlreadyExists')
    return 'Vault names are unique in the whole cloud, deleted vaults included. Choose another keyVault.name.'
  if (code === 'ConflictError' && /deleted state/i.test(message))
    return 'A deleted vault holds this name. hma recovers it at the next run.'
  return code === 'MissingSubscriptionRegistration' ? 'Run: az provider register --namespace Microsoft.KeyVault' : undefined
}

function forDataverse(problem: Problem): string | undefined {
  const { status, codes } = problem
  if (codes.includes('0x80072560'))
    return 'The signed-in identity is no user of this environment. Add it in the Power Platform admin centre under Environments, Settings, Application users, with the role System Administrator.'
  if (codes.includes('0x80095ffc'))
    return 'This environment lets only listed applications in. Have an administrator allow the application of the signed-in identity.'
  return status === 403 ? missingPrivilege(problem) : undefined
}

const bySort = {
  graph: forGraph,
  keyVault: forKeyVault,
  resourceManager: forResourceManager,
  dataverse: forDataverse,
  login: (problem) => hintForSignIn(problem.code),
  // What Exchange refuses is an answer of its client, and no error.
  exchange: () => undefined,
} as const satisfies Record<Service, (problem: Problem, headers: Headers) => string | undefined>

export function hintForConnection(failure: Unreachable): string {
  const name = failure.host.split('.')[0] ?? failure.host
  if (failure.code === 'PROXY')
    return 'The proxy of HTTPS_PROXY refused the connection. Check its address, its credentials and what it lets through.'
  if (isCertificateProblem(failure.code))
    return 'The certificate of the server is not trusted. Behind a proxy that opens TLS, name its root certificate in NODE_EXTRA_CA_CERTS or cloud.caFile.'
  if (failure.code === 'ENOTFOUND' || failure.code === 'EAI_AGAIN')
    return /\.vault(core)?\./.test(failure.host)
      ? `No vault ${name} can be found. Check keyVault.name and \`cloud\`; a new vault's name needs a minute to be known.`
      : `Nobody knows the host ${failure.host}. Check the address, this machine's resolver, and HTTPS_PROXY.`
  return 'Check the network and HTTPS_PROXY, and run again: hma goes on from where it stopped.'
}
