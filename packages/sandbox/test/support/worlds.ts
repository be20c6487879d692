import type { World } from '../../src/azure.ts'
import { newWorld } from '../../src/world.ts'

let made: Promise<World> | undefined

/** A world in which nothing is yet. Its keys are those of all such worlds in this process: to make them takes longer than most tests. */
export async function emptyWorld(): Promise<World> {
  made ??= newWorld()
  return structuredClone(await made)
}

/** For key pairs that vaults make: as many as one test can want, made once for all tests of a file. */
export const pooled = { keyPool: 64 } as const
