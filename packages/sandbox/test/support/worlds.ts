import type { World } from '../../src/azure.ts'
import { newWorld } from '../../src/world.ts'

let made: Promise<World> | undefined

/** An empty world. All of them in this process share their keys, since making keys takes longer than most tests. */
export async function emptyWorld(): Promise<World> {
  made ??= newWorld()
  return structuredClone(await made)
}

/** For key pairs that vaults make: as many as one test can want, made once for all tests of a file. */
export const pooled = { keyPool: 64 } as const
