import type { Azure, Seed, SeededPrincipal } from '../azure.ts'
import { emptyVault } from './state.ts'

/** An existing vault starts empty. */
export function seed(azure: Azure, seed: Seed, _principals: readonly SeededPrincipal[]): void {
  for (const { vault } of seed.deployments) {
    if (!vault.exists) continue
    const mark = `keyVault/${vault.name.toLowerCase()}`
    if (azure.world.seeded.includes(mark)) continue
    azure.world.vaults[vault.name.toLowerCase()] ??= emptyVault()
    azure.world.seeded.push(mark)
  }
}
