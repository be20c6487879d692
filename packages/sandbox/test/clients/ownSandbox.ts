import { afterAll, beforeAll } from 'vitest'
import type { Principal } from '../../src/azure.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { startSandbox, vaultTenant } from '../support/sandbox.ts'
import { type AsClient, asClient } from './asClient.ts'

/** A sandbox for all tests of one file, with clients signed in to one of its tenants. */
export function ownSandbox(options: Parameters<typeof startSandbox>[0] = {}, tenantId = vaultTenant) {
  let started: Sandbox | undefined
  beforeAll(async () => {
    started = await startSandbox(options)
  })
  afterAll(() => started?.close())
  const sandbox = (): Sandbox => {
    if (started === undefined) throw new Error('The sandbox starts with the first test')
    return started
  }
  const clients = new Map<Principal['rights'], AsClient>()
  const signedIn =
    (rights: Principal['rights']): AsClient =>
    (...asked) => {
      const client = clients.get(rights) ?? asClient(sandbox(), rights, tenantId)
      clients.set(rights, client)
      return client(...asked)
    }
  /** For when time has passed, and tokens with it. */
  const signInAgain = (): void => clients.clear()
  return { sandbox, client: signedIn('owner'), reader: signedIn('reader'), signInAgain }
}
