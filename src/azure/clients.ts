import { signInClient } from './appSignIn/client.ts'
import type { SignIn } from './appSignIn/port.ts'
import type { Cloud } from './cloud.ts'
import type { Credentials } from './credentials/credentials.ts'
import { dataverseClient } from './dataverse/client.ts'
import type { Dataverse } from './dataverse/port.ts'
import { directoryClient } from './directory/client.ts'
import type { Directory } from './directory/port.ts'
import { exchangeClient } from './exchange/client.ts'
import type { Exchange } from './exchange/port.ts'
import type { Transport } from './http/transport.ts'
import { keyVaultClient } from './keyVault/client.ts'
import type { KeyVault } from './keyVault/port.ts'
import { resourceManagerClient } from './resourceManager/client.ts'
import type { ResourceManager } from './resourceManager/port.ts'

/** The services, as the resources use them. */
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
  /** The tenant of a vault by its address, if known; otherwise the vault is asked. */
  readonly tenantOf: (vaultUri: string) => string | undefined
}

/** Nothing is loaded and no request is sent until the first call. */
export const createClients = (options: ClientOptions): Clients => ({
  directory: directoryClient(options.transport, options.credentials, options.cloud),
  keyVault: keyVaultClient(options),
  resourceManager: resourceManagerClient(options),
  dataverse: dataverseClient(options.transport, options.credentials),
  signIn: signInClient(options.transport, options.cloud),
  exchange: exchangeClient(options.transport),
})
