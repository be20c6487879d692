import type { SecretProperties } from '@azure/keyvault-secrets'
import { Secret } from '../../core/secret.ts'
import { unlessAbsent } from '../errors/azureError.ts'
import { everyItem } from '../http/pages.ts'
import { fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import type { Appears, OnVault } from './connection.ts'
import type { KeyVault, VaultSecret } from './port.ts'

type Secrets = Pick<
  KeyVault,
  'secret' | 'secretValue' | 'setSecret' | 'tagSecret' | 'enableSecret' | 'deleteSecret' | 'deletedSecret' | 'recoverSecret'
>

export function secrets(on: OnVault, appears: Appears, wait: Transport['wait']): Secrets {
  const deletedSecret: KeyVault['deletedSecret'] = async (vault, name) => {
    const call = on(vault, `look for the deleted secret ${name}`, async (at) => {
      const found = await (await at.secrets()).getDeletedSecret(name)
      return { tags: fieldsOf(found.properties, 'the deleted secret').tags('tags') }
    })
    return unlessAbsent(call)
  }
  const versions = (vault: string, name: string): Promise<readonly Version[] | undefined> => {
    const doing = `read the secret ${name} without its value`
    return unlessAbsent(
      on(vault, doing, async (at) =>
        (await everyItem((await at.secrets()).listPropertiesOfSecretVersions(name), doing)).map(versionOf),
      ),
    )
  }
  return {
    deletedSecret,
    secret: async (vault, name) => current(name, (await versions(vault, name)) ?? []),
    async secretValue(vault, name, version) {
      const which = version === undefined ? {} : { version }
      const call = on(vault, `read the secret ${name}`, async (at) =>
        fieldsOf(await (await at.secrets()).getSecret(name, which), 'the secret').optionalString('value'),
      )
      const value = await unlessAbsent(call)
      return value === undefined ? undefined : new Secret(value)
    },
    async setSecret(vault, name, value, { tags, expires, contentType, inLaterSecond = false }) {
      if (inLaterSecond) await wait(1000)
      const about = { tags: { ...tags }, expiresOn: new Date(expires), contentType, enabled: true }
      await on(vault, `write the secret ${name}`, async (at) => (await at.secrets()).setSecret(name, value.reveal(), about))
    },
    async tagSecret(vault, name, version, tags) {
      await on(vault, `tag the secret ${name}`, async (at) =>
        (await at.secrets()).updateSecretProperties(name, version, { tags: { ...tags } }),
      )
    },
    async enableSecret(vault, name, version) {
      await on(vault, `enable the secret ${name}`, async (at) =>
        (await at.secrets()).updateSecretProperties(name, version, { enabled: true }),
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

type Version = Omit<VaultSecret, 'name'> & { readonly created: string }

/** As the SDK passes it on, unchecked. */
function versionOf(found: SecretProperties): Version {
  const from = fieldsOf(found, 'the version of the secret')
  return {
    version: from.string('version'),
    created: from.optionalInstant('createdOn') ?? '',
    expires: from.optionalInstant('expiresOn'),
    enabled: from.optionalBoolean('enabled') ?? true,
    tags: from.tags('tags'),
  }
}

/** The newest version, even if disabled: the vault serves no other in its place. Times are whole seconds, so ties go to the later expiry. */
function current(name: string, versions: readonly Version[]): VaultSecret | undefined {
  const age = ({ created, expires = '' }: Version): string => `${created} ${expires}`
  const newestFirst = versions.toSorted((a, b) => (age(a) < age(b) ? 1 : -1))
  const [found] = newestFirst
  if (!found) return undefined
  const { created, ...rest } = found
  const rivals = newestFirst.filter((one) => one !== found && one.created === created).map(({ tags }) => tags)
  return { name, ...rest, ...(rivals.length > 0 && { rivals }) }
}
