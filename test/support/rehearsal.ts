import type { World } from '../../packages/sandbox/src/azure.ts'

/** Every secret of a world that a text holds: keys, values, and what principals sign in with. */
export function leaked(world: World, text: string): readonly string[] {
  const vaults = Object.values(world.vaults)
  const secrets = [
    ...world.directory.principals.map(({ clientSecret }) => clientSecret),
    ...vaults.flatMap(({ secrets: all }) => Object.values(all).flatMap(({ versions }) => versions.map(({ value }) => value))),
    ...vaults.flatMap(({ certificates }) =>
      Object.values(certificates).flatMap(({ versions }) =>
        versions.flatMap(({ privateKey, secretValue }) => [privateKey, secretValue]),
      ),
    ),
  ].filter((secret) => secret !== '')
  if (secrets.length === 0) throw new Error('The world has no secrets: this proves nothing.')
  return secrets.filter((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
}
