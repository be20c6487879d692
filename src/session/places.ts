import { vaultUri } from '../azure/cloud.ts'
import type { Configuration } from '../config/schema.ts'
import type { Places } from '../deployment/node.ts'
import { cloudOf } from './connections.ts'

/** Where the cloud of a deployment answers; relative paths start in `directory`. */
export function placesOf(configuration: Configuration, directory: string): Places {
  const cloud = cloudOf(configuration)
  return { authorityHost: cloud.authorityHost, keyVaultUri: vaultUri(cloud, configuration.keyVault.name), directory }
}
