import type { SecretProperties } from '@azure/keyvault-secrets'
import { Secret } from '../core/secret.ts'
import { unlessAbsent } from './azureError.ts'
import type { KeyVault, VaultSecret } from './keyVault.ts'
import type { Appears, OnVault } from './keyVaultClient.ts'

type Secrets = Pick<
  KeyVault,
  'secret' | 'secretValue' | 'setSecret' | 'tagSecret' | 'deleteSecret' | 'deletedSecret' | 'recoverSecret'
>

export function secrets(on: OnVault, appears: Appears): Secrets {
  const deletedSecret: KeyVault['deletedSecret'] = async (vault, name) => {
    const call = on(vault, `look for the deleted secret ${name}`, async (at) => (await at.secrets()).getDeletedSecret(name))
    const found = await unlessAbsent(call)
    return found === undefined ? undefined : { tags: found.properties.tags ?? {} }
  }
  const versions = (vault: string, name: string): Promise<readonly SecretProperties[] | undefined> =>
    unlessAbsent(
      on(vault, `read the secret ${name} without its value`, async (at) => {
        const found: SecretProperties[] = []
        for await (const each of (await at.secrets()).listPropertiesOfSecretVersions(name)) found.push(each)
        return found
      }),
    )
  return {
    deletedSecret,
    secret: async (vault, name) => current(name, (await versions(vault, name)) ?? []),
    async secretValue(vault, name) {
      const found = await unlessAbsent(on(vault, `read the secret ${name}`, async (at) => (await at.secrets()).getSecret(name)))
      return found?.value === undefined ? undefined : new Secret(found.value)
    },
    async setSecret(vault, name, value, { tags, expires, contentType }) {
      const about = { tags: { ...tags }, expiresOn: new Date(expires), contentType, enabled: true }
      await on(vault, `write the secret ${name}`, async (at) => (await at.secrets()).setSecret(name, value.reveal(), about))
    },
    async tagSecret(vault, name, version, tags) {
      await on(vault, `tag the secret ${name}`, async (at) =>
        (await at.secrets()).updateSecretProperties(name, version, { tags: { ...tags } }),
      )
    },
    async deleteSecret(vault, name) {
      const gone = await unlessAbsent(on(vault, `delete the secret ${name}`, (at) => at.raw('DELETE', `/secrets/${name}`)))
      if (gone !== undefined) await appears(`The deleted secret ${name}`, () => deletedSecret(vault, name))
    },
    async recoverSecret(vault, name) {
      await on(vault, `recover the secret ${name}`, (at) => at.raw('POST', `/deletedsecrets/${name}/recover`))
      await appears(`The recovered secret ${name}`, async () => current(name, (await versions(vault, name)) ?? []))
    },
  }
}

/** The newest version that is enabled, or else the newest. Times are whole seconds, so the later expiry decides between equals. */
function current(name: string, versions: readonly SecretProperties[]): VaultSecret | undefined {
  const newestFirst = versions.toSorted(
    (a, b) => instant(b.createdOn) - instant(a.createdOn) || instant(b.expiresOn) - instant(a.expiresOn),
  )
  const found = newestFirst.find((each) => each.enabled !== false) ?? newestFirst[0]
  return found?.version === undefined
    ? undefined
    : {
        name,
        version: found.version,
        expires: found.expiresOn?.toISOString(),
        enabled: found.enabled ?? true,
        tags: found.tags ?? {},
      }
}

const instant = (date: Date | undefined): number => date?.getTime() ?? 0
