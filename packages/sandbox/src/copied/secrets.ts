import type { Azure } from '../azure.ts'
import { newId } from '../keyVault/certificates/versions.ts'
import { emptyVault, type SecretVersion } from '../keyVault/state.ts'
import { isObject, type JsonObject, numberAt, objectAt, textAt, textMapAt } from '../resourceManager/json.ts'
import { type Copy, standIn } from './copy.ts'
import { putEach } from './fault.ts'
import { deletionIn, idIn } from './vaultContents.ts'

/** The application's secrets that a vault keeps, with the values that stand in for them. */
export async function putSecrets(azure: Azure, copy: Copy): Promise<void> {
  await putEach(copy.secrets, 'secrets', ({ vault, name, versions }) => {
    const held = (azure.world.vaults[vault.toLowerCase()] ??= emptyVault())
    const all = versions.filter(isObject)
    held.secrets[name.toLowerCase()] = { name, versions: all.map(secretVersionIn), ...deletionIn(all.at(-1) ?? {}) }
  })
}

function secretVersionIn(body: JsonObject): SecretVersion {
  const attributes = objectAt(body, 'attributes')
  const tags = textMapAt(body, 'tags')
  const contentType = textAt(body, 'contentType')
  const number = (name: string): number | undefined => numberAt(attributes, name)
  const [nbf, exp, created = 0, updated = created] = ['nbf', 'exp', 'created', 'updated'].map(number)
  return {
    version: idIn(body) ?? newId(),
    value: standIn(tags?.keyId ?? ''),
    ...(contentType !== undefined && { contentType }),
    attributes: {
      enabled: attributes.enabled !== false,
      ...(nbf !== undefined && { nbf }),
      ...(exp !== undefined && { exp }),
      created,
      updated,
    },
    ...(tags && { tags }),
  }
}
