import type { Cloud } from './cloud.ts'
import type { Credentials } from './credentials.ts'
import type { Dataverse } from './dataverse.ts'
import { dataverseClient } from './dataverseClient.ts'
import type { Directory } from './directory.ts'
import { directoryClient } from './directoryClient.ts'
import type { Exchange } from './exchange.ts'
import { exchangeClient } from './exchangeClient.ts'
import type { KeyVault } from './keyVault.ts'
import { keyVaultClient } from './keyVaultClient.ts'
import type { ResourceManager } from './resourceManager.ts'
import { resourceManagerClient } from './resourceManagerClient.ts'
import type { SignIn } from './signIn.ts'
import { signInClient } from './signInClient.ts'
import type { Transport } from './transport.ts'

/** The services, as the resources see them. */
export interface Clients {
  readonly directory: Directory
  readonly keyVault: KeyVault
  readonly resourceManager: ResourceManager
  readonly dataverse: Dataverse
  readonly signIn: SignIn
  readonly exchange: Exchange
}

export interface ClientOptions {
  readonly cloud: Cloud
  readonly credentials: Credentials
  readonly transport: Transport
  /** The tenant of a vault by its address, where it is known. Otherwise the vault is asked. */
  readonly tenantOf: (vaultUri: string) => string | undefined
  /** Of hma, for those who want to know who asks. */
  readonly version?: string
}

/** Nothing is loaded and nobody is asked until the first call. */
export const createClients = (options: ClientOptions): Clients => ({
  directory: directoryClient(options.transport, options.credentials, options.cloud),
  keyVault: keyVaultClient(options),
  resourceManager: resourceManagerClient(options),
  dataverse: dataverseClient(options.transport, options.credentials),
  signIn: signInClient(options.transport, options.cloud),
  exchange: exchangeClient(options.transport, options.version),
})
