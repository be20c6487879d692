import { createHash } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { Application, KeyCredential, PasswordCredential } from '../../packages/sandbox/src/directory/state.ts'
import { mayRead } from '../../packages/sandbox/src/keyVault/access.ts'
import { servedCertificate } from '../../packages/sandbox/src/keyVault/certificates/versions.ts'

/** The credentials of the deployment `contoso`, read directly from the sandbox's world. */

export const day = 86_400_000

const applications = (world: World): readonly Application[] =>
  Object.values(world.directory.tenants).flatMap((tenant) => Object.values(tenant.applications))

export const registration = (world: World, role: 'kv-app' | 'hma-app'): Application | undefined =>
  applications(world).find(({ uniqueName, deletedDateTime }) => uniqueName === `hma-contoso-${role}` && deletedDateTime === null)

const isOurs = ({ displayName }: { displayName: string | null }): boolean => displayName?.startsWith('hma:contoso:') ?? false

export const ourCertificates = (world: World): readonly KeyCredential[] =>
  registration(world, 'hma-app')?.keyCredentials.filter(isOurs) ?? []

export const ourSecrets = (world: World): readonly PasswordCredential[] =>
  registration(world, 'kv-app')?.passwordCredentials.filter(isOurs) ?? []

/** SHA-1 of the certificate that the vault serves. */
export function servedThumbprint(world: World): string | undefined {
  const der = servedCertificate(world, 'kv-contoso-mail', 'HMA-Cert')?.chain[0]
  return der === undefined ? undefined : createHash('sha1').update(Buffer.from(der, 'base64')).digest('hex').toUpperCase()
}

/** The credentials by which HMA-App trusts that certificate, ours first: it may also have been uploaded by hand. */
export function trusting(world: World): readonly KeyCredential[] {
  const { keyCredentials = [] } = registration(world, 'hma-app') ?? {}
  const found = keyCredentials.filter(({ thumbprint }) => thumbprint === servedThumbprint(world))
  return [...found.filter(isOurs), ...found.filter((one) => !isOurs(one))]
}

/** Milliseconds since 1970 at which the vault began to serve it. */
export const servedSince = (world: World): number =>
  1000 * (servedCertificate(world, 'kv-contoso-mail', 'HMA-Cert')?.attributes.created ?? 0)

/** The secret that the vault's copy holds, as KV-App knows it. */
export function copiedSecret(world: World): PasswordCredential | undefined {
  const value = world.vaults['kv-contoso-mail']?.secrets['hma-kv-app-client-secret']?.versions.at(-1)?.value ?? ''
  const sha256 = createHash('sha256').update(value).digest('hex')
  return ourSecrets(world).find((one) => one.sha256 === sha256)
}

/** The secret that Dynamics holds, as KV-App knows it. */
export function deliveredSecret(world: World): PasswordCredential | undefined {
  const rows = world.dataverse.organizations.flatMap(({ tables }) => Object.values(tables.managedidentity))
  const hashes = new Set(rows.flatMap((row) => Object.values(row.sealed)))
  return ourSecrets(world).find((one) => hashes.has(one.sha256))
}

/** Milliseconds since 1970 at which the row that holds it was last written; 0 where there is none. */
export const deliveredSince = (world: World): number =>
  Math.max(
    0,
    ...world.dataverse.organizations
      .flatMap(({ tables }) => Object.values(tables.managedidentity))
      .map(({ cells }) => Date.parse(String(cells.modifiedon))),
  )

const valid = (one: { startDateTime: string; endDateTime: string }, now: Date): boolean =>
  Date.parse(one.startDateTime) <= now.getTime() && now.getTime() < Date.parse(one.endDateTime)

/** Broken links of sign-in for a secret typed in by hand from the vault's copy, without Dynamics. */
export function broken(world: World, now: Date): readonly string[] {
  // An upload of the same certificate by someone else does not count: removing ours breaks sign-in, not what happens after that.
  const trusted = ourCertificates(world).find(({ thumbprint }) => thumbprint === servedThumbprint(world))
  const secret = copiedSecret(world)
  const kvApp = registration(world, 'kv-app')
  const principal = Object.values(world.directory.tenants)
    .flatMap((tenant) => Object.values(tenant.servicePrincipals))
    .find(({ appId, deletedDateTime }) => appId === kvApp?.appId && deletedDateTime === null)
  const rights = mayRead(world, 'kv-contoso-mail', principal?.id ?? '')
  return [
    ...(trusted && valid(trusted, now) ? [] : ['certificate']),
    ...(secret && valid(secret, now) ? [] : ['secret']),
    ...(rights.secrets && rights.certificates ? [] : ['access']),
  ]
}
