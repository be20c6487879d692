import type { Secret } from '../../core/secret.ts'

/** How to sign in to one tenant. Kinds without details take them from a login, the environment or the machine, as usual. */
export type Auth =
  | { readonly credential: 'default' | 'environment' | 'azureCli' | 'azurePowerShell' }
  | { readonly credential: 'managedIdentity'; readonly clientId?: string | undefined }
  | { readonly credential: 'workloadIdentity'; readonly clientId?: string | undefined }
  | { readonly credential: 'clientSecret'; readonly clientId: string; readonly clientSecret: Secret }
  | {
      readonly credential: 'clientCertificate'
      readonly clientId: string
      /** Reads the certificate and its private key, as PEM. */
      readonly certificate: () => Promise<Secret>
      readonly certificatePassword?: Secret | undefined
    }
  /** `pem` holds the certificate, leaf first, and its private key. */
  | { readonly credential: 'certificateInHand'; readonly clientId: string; readonly pem: Secret }
  | { readonly credential: 'deviceCode'; readonly clientId?: string | undefined; readonly prompt: (message: string) => void }

const environment =
  'Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH) for an application of this tenant.'

/** What to do if the credential is not available. */
export const loginHints: Readonly<Record<Auth['credential'], (tenantId: string) => string>> = {
  default: (tenantId) => `Run: az login --tenant ${tenantId}`,
  environment: () => environment,
  azureCli: (tenantId) => `Run: az login --tenant ${tenantId}`,
  azurePowerShell: (tenantId) => `Run: Connect-AzAccount -Tenant ${tenantId}`,
  managedIdentity: () => 'Run hma on a machine of Azure that has a managed identity, and check `auth` clientId.',
  workloadIdentity: () =>
    'AZURE_FEDERATED_TOKEN_FILE must name the file with the token of the platform, and `auth` clientId or AZURE_CLIENT_ID the application: a pod with workload identity has both, a pipeline writes the file.',
  clientSecret: () => 'Check clientId and clientSecret under `auth` for this tenant.',
  clientCertificate: () => 'Check certificateFile under `auth`: a readable PEM file with the certificate and its private key.',
  certificateInHand: () => 'The certificate must be in PEM format, with its private key.',
  deviceCode: (tenantId) => `Run hma again and enter the code in time, or sign in with az login --tenant ${tenantId}.`,
}
