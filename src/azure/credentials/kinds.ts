import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { limits } from '../../core/limits.ts'
import { type Cloud, clouds } from '../cloud.ts'
import type { Auth } from './auth.ts'

/** What every credential is made with. */
export interface Foundation {
  readonly cloud: Cloud
  readonly tenantId: string
  readonly httpClient: HttpClient
}

const microsofts: ReadonlySet<string> = new Set(Object.values(clouds).map((cloud) => cloud.authorityHost))

/** The credential of @azure/identity for `auth`. Its own retries are off: the transport has them. */
export async function createCredential(auth: Auth, { cloud, tenantId, httpClient }: Foundation): Promise<TokenCredential> {
  const identity = await import('@azure/identity')
  const options = {
    tenantId,
    httpClient,
    authorityHost: cloud.authorityHost,
    retryOptions: { maxRetries: 0 },
    disableInstanceDiscovery: !microsofts.has(cloud.authorityHost),
    // The environment may name another tenant as its own; the one that we ask for is the one that counts.
    additionallyAllowedTenants: ['*'],
  }
  switch (auth.credential) {
    case 'default':
      return new identity.DefaultAzureCredential({ ...options, ...programs })
    case 'environment':
      return new identity.EnvironmentCredential(options)
    case 'azureCli':
      return new identity.AzureCliCredential({ ...options, ...programs })
    case 'azurePowerShell':
      return new identity.AzurePowerShellCredential({ ...options, ...programs })
    case 'managedIdentity':
      return new identity.ManagedIdentityCredential({ ...options, ...clientId(auth) })
    case 'workloadIdentity':
      return new identity.WorkloadIdentityCredential({ ...options, ...clientId(auth) })
    case 'clientSecret':
      return new identity.ClientSecretCredential(tenantId, auth.clientId, auth.clientSecret.reveal(), options)
    case 'clientCertificate': {
      const { certificatePassword: password } = auth
      const certificate = (await auth.certificate()).reveal()
      const file = { certificate, ...(password === undefined ? {} : { certificatePassword: password.reveal() }) }
      return new identity.ClientCertificateCredential(tenantId, auth.clientId, file, options)
    }
    case 'certificateInHand':
      return new identity.ClientCertificateCredential(tenantId, auth.clientId, { certificate: auth.pem.reveal() }, options)
    case 'deviceCode': {
      const userPromptCallback = (code: { message: string }): void => auth.prompt(code.message)
      return new identity.DeviceCodeCredential({ ...options, ...clientId(auth), userPromptCallback })
    }
  }
}

/** Other programs that are asked for a token. */
const programs = { processTimeoutInMs: limits.attempt }

const clientId = (auth: { readonly clientId?: string | undefined }): { clientId?: string } =>
  auth.clientId === undefined ? {} : { clientId: auth.clientId }
