import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { World } from './azure.ts'
import { empty as noOrganizations } from './dataverse/state.ts'
import { empty as noDirectory } from './directory/state.ts'
import { empty as noServers } from './exchange/state.ts'
import { createAuthority } from './front/authority.ts'
import { empty as noVaults } from './keyVault/state.ts'
import { empty as noResources } from './resourceManager/state.ts'

/** An empty world with its own keys. */
export async function newWorld(): Promise<World> {
  const [tokens, authority] = await Promise.all([rsaKey(), createAuthority()])
  return {
    format: 1,
    ahead: 0,
    keys: { tokens, authority },
    seeded: [],
    directory: noDirectory(),
    resources: noResources(),
    vaults: noVaults(),
    dataverse: noOrganizations(),
    exchange: noServers(),
  }
}

async function rsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}
