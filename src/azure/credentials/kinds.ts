import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { DefaultAzureCredentialOptions } from '@azure/identity'
import { limits } from '../../core/limits.ts'
import { type Cloud, clouds } from '../cloud.ts'
import type { Auth } from './auth.ts'
import { sdkPipeline } from './sdk.ts'

/** Options common to all credentials. */
export interface CredentialContext {
  readonly cloud: Cloud
  readonly tenantId: string
  readonly httpClient: HttpClient
}

const microsofts: ReadonlySet<string> = new Set(Object.values(clouds).map((cloud) => cloud.authorityHost))

/** The credential of @azure/identity for `auth`. Its own retries are off: the transport has them. */
export async function createCredential(auth: Auth, foundation: CredentialContext): Promise<TokenCredential> {
  const options = optionsOf(foundation)
  switch (auth.credential) {
    case 'workloadIdentity':
    case 'clientSecret':
    case 'clientCertificate':
    case 'certificateInHand':
      return application(auth, options)
    default:
      return environmentCredential(auth, options, await import('./identity/surroundings.ts'))
  }
}

function optionsOf({ cloud, tenantId, httpClient }: CredentialContext) {
  return {
    tenantId,
    httpClient,
    authorityHost: cloud.authorityHost,
    retryOptions: { maxRetries: 0 },
    disableInstanceDiscovery: !microsofts.has(cloud.authorityHost),
    // The environment may name another tenant; the one that we ask for counts.
    additionallyAllowedTenants: ['*'],
  }
}

/** These sign in as one application with one client of the SDK; the others have several, each with its own policies. */
async function application(auth: Application, common: ReturnType<typeof optionsOf>): Promise<TokenCredential> {
  const [made, pipeline] = await Promise.all([import('./identity/application.ts'), sdkPipeline()])
  const { tenantId } = common
  const options = { ...common, pipeline }
  switch (auth.credential) {
    case 'workloadIdentity':
      return new made.WorkloadIdentityCredential({ ...options, ...clientId(auth) })
    case 'clientSecret':
      return new made.ClientSecretCredential(tenantId, auth.clientId, auth.clientSecret.reveal(), options)
    case 'clientCertificate':
    case 'certificateInHand':
      return new made.ClientCertificateCredential(tenantId, auth.clientId, await certificateOf(auth), options)
  }
}

type Certified = Extract<Auth, { readonly credential: 'clientCertificate' | 'certificateInHand' }>

async function certificateOf(auth: Certified): Promise<{ certificate: string; certificatePassword?: string }> {
  if (auth.credential === 'certificateInHand') return { certificate: auth.pem.reveal() }
  const certificate = (await auth.certificate()).reveal()
  const { certificatePassword } = auth
  return { certificate, ...(certificatePassword && { certificatePassword: certificatePassword.reveal() }) }
}

type Surroundings = typeof import('./identity/surroundings.ts')
type Application = Certified | Extract<Auth, { readonly credential: 'workloadIdentity' | 'clientSecret' }>
type Surrounding = Exclude<Auth, Application>

function environmentCredential(auth: Surrounding, options: DefaultAzureCredentialOptions, made: Surroundings): TokenCredential {
  switch (auth.credential) {
    case 'default':
      return new made.DefaultAzureCredential({ ...options, ...programs })
    case 'environment':
      return new made.EnvironmentCredential(options)
    case 'azureCli':
      return new made.AzureCliCredential({ ...options, ...programs })
    case 'azurePowerShell':
      return new made.AzurePowerShellCredential({ ...options, ...programs })
    case 'managedIdentity':
      return new made.ManagedIdentityCredential({ ...options, ...clientId(auth) })
    case 'deviceCode': {
      const userPromptCallback = (code: { message: string }): void => auth.prompt(code.message)
      return new made.DeviceCodeCredential({ ...options, ...clientId(auth), userPromptCallback })
    }
  }
}

/** For credentials that run another program to get a token. */
const programs = { processTimeoutInMs: limits.attempt }

const clientId = (auth: { readonly clientId?: string | undefined }): { clientId?: string } =>
  auth.clientId === undefined ? {} : { clientId: auth.clientId }
