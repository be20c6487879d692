import { HmaError } from '../../core/errors.ts'
import { type Cloud, clouds, vaultUri } from '../cloud.ts'
import type { HttpRequest } from './message.ts'

/** Where one deployment connects, according to its configuration. An answer from a service never adds to them. */
export interface AllowedPlaces {
  readonly cloud: Cloud
  /** Absent while the vault is not known yet: then any vault of the cloud is allowed. */
  readonly vaultName?: string | undefined
  readonly environmentUrl?: string | undefined
  readonly ewsUrl?: string | undefined
  /** This machine's token endpoint for managed identities, from its environment. */
  readonly identityEndpoints?: readonly string[] | undefined
}

/**
 * The one place that decides where a secret, an assertion or a token may go: over https to a host that the cloud and the configuration
 * name. Throws for everything else; a request that carries no secret may go anywhere.
 */
export function destinations(places: AllowedPlaces): (request: HttpRequest) => void {
  const { cloud, vaultName, environmentUrl, ewsUrl, identityEndpoints = [] } = places
  const known = [...signInOrigins(cloud), cloud.resourceManager, cloud.graph, environmentUrl, ewsUrl]
  const origins = new Set(known.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])))
  const vault = vaultName === undefined ? undefined : new URL(vaultUri(cloud, vaultName)).origin
  const machine = new Set([imds, ...identityEndpoints.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin)])
  const isVault = (url: URL): boolean => (vault === undefined ? isVaultOf(cloud, url) : url.origin === vault)
  return (request) => {
    if (!carries(request)) return
    const url = new URL(request.url)
    if (machine.has(url.origin)) return
    if (url.protocol !== 'https:') throw refused(url, 'it is not https')
    if (!origins.has(url.origin) && !isVault(url) && !isRegional(cloud, url))
      throw refused(url, 'neither the cloud nor the configuration names this host')
  }
}

const refused = (url: URL, why: string): HmaError =>
  new HmaError('HMA205', `Sent nothing to ${url.origin}: ${why}`, {
    hint: 'A service, or something between it and hma, named this address. Check the address in the configuration, and the object in Azure or Dynamics that names it.',
  })

/** Where an Azure VM requests tokens of its identity (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token). */
const imds = 'http://169.254.169.254'

const headers = new Set(['authorization', 'x-identity-header', 'secret', 'cookie', 'api-key'])

/** A body, or a header that holds a credential. A bare `Bearer` only asks how to sign in. */
const carries = ({ headers: sent, body }: HttpRequest): boolean =>
  (body ?? '') !== '' ||
  Object.entries(sent).some(
    ([name, value]) => headers.has(name.toLowerCase()) && value.trim() !== '' && value.trim() !== 'Bearer',
  )

const isVaultOf = ({ keyVaultSuffix }: Cloud, { host, protocol }: URL): boolean => {
  const [name = '', ...rest] = host.split('.')
  return protocol === 'https:' && /^[a-z][a-z0-9-]*$/.test(name) && rest.join('.') === keyVaultSuffix.toLowerCase()
}

/**
 * The host names of one authority: @azure/identity may use another one than it was given
 * (https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud).
 */
const aliases: readonly (readonly string[])[] = [
  [clouds.public.authorityHost, 'https://login.windows.net', 'https://login.microsoft.com', 'https://sts.windows.net'],
  [clouds.usgov.authorityHost, 'https://login.usgovcloudapi.net'],
  [clouds.china.authorityHost, 'https://login.partner.microsoftonline.cn'],
]

const signInOrigins = ({ authorityHost }: Cloud): readonly string[] =>
  aliases.find((names) => names.includes(authorityHost)) ?? [authorityHost]

/** A regional authority of the public cloud, which AZURE_REGIONAL_AUTHORITY_NAME chooses. */
const isRegional = ({ authorityHost }: Cloud, { origin }: URL): boolean =>
  authorityHost === clouds.public.authorityHost && /^https:\/\/[a-z0-9]+\.login\.microsoft\.com$/.test(origin)
