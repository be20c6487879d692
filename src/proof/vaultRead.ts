import { AzureError } from '../azure/errors/azureError.ts'
import type { VaultCertificate } from '../azure/keyVault/port.ts'
import type { Secret } from '../core/secret.ts'
import { need, type Step } from './chain.ts'
import { type Finding, failed, type Lost, passed } from './finding.ts'
import type { KeyVaultApp } from './keyVaultSignIn.ts'
import type { Ports, Subject } from './subject.ts'

/** What the vault gives KV-App, and so Dynamics. */
export interface Served {
  readonly certificate: VaultCertificate
  /** The certificate with its key, as base64 PKCS#12 or PEM. */
  readonly material: Secret
}

/** May KV-App get the certificate and the secret that holds its key? Dynamics needs both. */
export async function vaultRead(
  { vaultUri, certificateName }: Subject,
  { signIn }: Ports,
  step: Step<KeyVaultApp>,
): Promise<Finding<Served>> {
  const { tenantId, appId, secret } = await need(step)
  const vault = signIn.vaultAs(tenantId, appId, secret)
  const [certificate, material] = await Promise.all([
    allowed(vault.certificate(vaultUri, certificateName), 'certificates'),
    allowed(vault.secretValue(vaultUri, certificateName), 'secrets'),
  ])
  if (isLost(certificate)) return certificate
  if (isLost(material)) return material
  if (!certificate || !material)
    return failed(
      `The vault has no ${certificate ? 'secret' : 'certificate'} ${certificateName}.`,
      'Run `hma apply` to create the certificate. Check keyVault.name and certificate.name.',
    )
  return passed(`KV-App reads the certificate ${certificateName} and its secret from the vault.`, { certificate, material })
}

const isLost = (answer: unknown): answer is Lost => typeof answer === 'object' && answer !== null && 'status' in answer

const roles = { certificates: 'Key Vault Certificate User', secrets: 'Key Vault Secrets User' }

const allowed = <Answer>(call: Promise<Answer>, what: keyof typeof roles): Promise<Answer | Lost> =>
  call.catch((error: unknown) => {
    if (error instanceof AzureError && error.status === 403) return refused(error, what)
    throw error
  })

function refused({ code, reason, hint, isMissingRight }: AzureError, what: keyof typeof roles): Lost {
  const said = `The vault does not let KV-App get ${what} (${code || 403})`
  if (code === 'SecretDisabled')
    return failed(`${said}.`, 'Run `hma apply` to create a new version, or enable the current one in the vault.')
  if (!isMissingRight) return failed(`${said}: ${reason.replace(/\.$/, '')}.`, hint)
  return failed(
    `${said}.`,
    `Run \`hma apply\`: it gives KV-App ${roles[what]}, or where the vault has access policies Get for ${what}. A new role takes effect after a few minutes.`,
  )
}
