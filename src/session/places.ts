import { vaultUri } from '../azure/cloud.ts'
import type { Configuration } from '../config/schema.ts'
import type { Places } from '../deployment/node.ts'
import { cloudOf } from './connections.ts'

/** The endpoints of a deployment's cloud; relative paths start from `directory`. */
export function placesOf(configuration: Configuration, directory: string): Places {
  const cloud = cloudOf(configuration)
  return { authorityHost: cloud.authorityHost, keyVaultUri: vaultUri(cloud, configuration.keyVault.name), directory }
}
