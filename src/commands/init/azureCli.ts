import { homedir } from 'node:os'
import { join } from 'node:path'
import { readRegular } from '../../config/read/regularFile.ts'
import type { Environment } from '../../views/terminal/terminal.ts'

/** The account that `az login` chose. */
export interface AzureAccount {
  readonly subscriptionId: string
  readonly tenantId: string
}

/**
 * The account that the Azure CLI would use, read from its own file without starting it; undefined if there is none.
 * https://learn.microsoft.com/cli/azure/azure-cli-configuration
 */
export async function azureAccount(environment: Environment): Promise<AzureAccount | undefined> {
  const folder = environment.AZURE_CONFIG_DIR ?? join(homedir(), '.azure')
  try {
    const profile: unknown = JSON.parse(
      (await readRegular(join(folder, 'azureProfile.json'))).toString('utf8').replace(/^\ufeff/, ''),
    )
    const subscriptions = isRecord(profile) && Array.isArray(profile.subscriptions) ? profile.subscriptions : []
    return subscriptions.filter(isRecord).filter(isDefault).map(accountOf)[0]
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

type Chosen = { readonly id: string; readonly tenantId: string }

/** An account without a subscription has its tenant's id in its place. */
const isDefault = (one: Readonly<Record<string, unknown>>): one is Chosen =>
  one.isDefault === true && typeof one.id === 'string' && typeof one.tenantId === 'string' && one.id !== one.tenantId

const accountOf = ({ id, tenantId }: Chosen): AzureAccount => ({
  subscriptionId: id.toLowerCase(),
  tenantId: tenantId.toLowerCase(),
})
