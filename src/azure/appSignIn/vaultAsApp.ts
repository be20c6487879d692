import { AzureError, withHint } from '../errors/azureError.ts'
import type { KeyVault } from '../keyVault/port.ts'

type Readable = Pick<KeyVault, 'certificate' | 'secretValue'>

/** Hints about KV-App's missing rights; those of a vault are about the identity that runs hma. */
export const vaultAsApp = (vault: Readable): Readable => ({
  certificate: (address, name) => vault.certificate(address, name).catch(withAppHints('certificates')),
  secretValue: (address, name) => vault.secretValue(address, name).catch(withAppHints('secrets')),
})

const withAppHints =
  (what: string) =>
  (error: unknown): never => {
    if (!(error instanceof AzureError) || error.service !== 'keyVault') throw error
    if (error.status === 401)
      throw withHint(error, 'The vault does not accept the token of KV-App: it must belong to keyVault.tenantId, as KV-App does.')
    if (!error.isMissingRight) throw error
    throw withHint(
      error,
      `KV-App may not get ${what} of the vault. Run \`hma apply\`: it grants KV-App that permission, which takes effect after a few minutes.`,
    )
  }
