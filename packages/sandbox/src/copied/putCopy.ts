import type { Azure, SeededPrincipal } from '../azure.ts'
import type { Copy } from './copy.ts'
import { putDirectory } from './directory.ts'
import { putExchange } from './exchange.ts'
import { putRows } from './rows.ts'
import { putSecrets } from './secrets.ts'
import { putCertificates, type StandIn } from './vaultContents.ts'
import { putVaults } from './vaults.ts'

/**
 * Makes the world match the copy. Private keys and secret values cannot be copied: the world has substitutes with the same dates, so
 * whatever was trusted or current there is so here.
 */
export async function putCopy(azure: Azure, copy: Copy, principals: readonly SeededPrincipal[]): Promise<StandIn | undefined> {
  await putVaults(azure, copy, principals)
  const replaced = await putCertificates(azure, copy)
  const standIn = await replaced.bring(copy.brought)
  await putSecrets(azure, copy)
  await putDirectory(azure, copy, replaced)
  await putRows(azure, copy)
  putExchange(azure, copy)
  return standIn
}
