import { HmaError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import { vaultScope } from '../cloud.ts'
import { asking } from '../errors/ask.ts'
import { type Asked, AzureError, unlessAbsent } from '../errors/azureError.ts'
import { everyItem } from '../http/pages.ts'
import { certificates } from './certificates.ts'
import { type Appears, connectVault, type OnVault, type VaultConnection, type VaultParts } from './connection.ts'
import type { KeyVault } from './port.ts'
import { secrets } from './secrets.ts'

const pollInterval = 2000

export function keyVaultClient(parts: VaultParts): KeyVault {
  const connections = new Map<string, Promise<VaultConnection>>()
  const connect = (vault: string): Promise<VaultConnection> => {
    const connection = connections.get(vault) ?? connectVault(vault, parts)
    connections.set(vault, connection)
    connection.catch(() => connections.delete(vault))
    return connection
  }
  const onVault: OnVault = (vault, doing, call) => {
    const asked: Asked = {
      service: 'keyVault',
      doing,
      needs: 'Key Vault Certificates Officer and Key Vault Secrets Officer at the vault',
    }
    return asking(asked, async () => call(await connect(vault)))
  }
  const appears: Appears = async (what, look) => {
    for (let waited = 0; waited < limits.visible; waited += pollInterval) {
      if ((await visible(look)) !== undefined) return
      await parts.transport.wait(pollInterval)
    }
    throw new HmaError('HMA506', `${what} has not become visible yet`, {
      retryable: true,
      hint: 'Run again: hma continues where it stopped.',
    })
  }
  return {
    prepare(tenantId) {
      parts.credentials.prefetch(tenantId, vaultScope(parts.cloud))
      loadLibraries()
    },
    ...certificates(onVault, appears),
    ...secrets(onVault, appears, parts.transport.wait),
    contents: (vault) =>
      onVault(vault, `list the contents of ${vault}`, async (connection) => ({
        certificates: await names((await connection.certificates()).listPropertiesOfCertificates({ includePending: true })),
        // The secret that backs a certificate is part of the certificate.
        secrets: await names((await connection.secrets()).listPropertiesOfSecrets(), ({ managed }) => managed !== true),
      })),
  }
}

/** In the background. Errors are left to whoever uses the clients. */
function loadLibraries(): void {
  Promise.all([import('@azure/keyvault-certificates'), import('@azure/keyvault-secrets')]).catch(() => {})
}

/** Without the right to list deleted objects, hma cannot wait for one. */
const visible = (look: () => Promise<unknown>): Promise<unknown> =>
  unlessAbsent(look()).catch((error: unknown) => {
    if (error instanceof AzureError && error.status === 403) return true
    throw error
  })

async function names<Item extends { readonly name?: string }>(
  items: { byPage(): AsyncIterable<readonly Item[]> },
  wanted: (item: Item) => boolean = () => true,
): Promise<string[]> {
  const all = await everyItem(items, 'list the contents of the vault')
  return all.flatMap((item) => (typeof item.name === 'string' && wanted(item) ? [item.name] : []))
}
