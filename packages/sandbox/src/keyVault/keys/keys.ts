import { createPrivateKey } from 'node:crypto'
import { type JsonObject, numberAt, objectAt, same, textAt, textsAt } from '../../resourceManager/json.ts'
import { changedAttributes } from '../attributes.ts'
import { newId } from '../certificates/versions.ts'
import { checkFree, checkPurgeable, erase, find, findDeleted, recover, required, requiredDeleted } from '../erasable.ts'
import { badParameter, refuse } from '../errors.ts'
import { byName, page } from '../paging.ts'
import { bodyOf, nameOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Key, KeyVersion } from '../state.ts'
import { readTags } from '../tags.ts'
import { curves, type KeySpec, keyFor, specOf } from './keyPairs.ts'
import { changeRelease, releaseOf } from './releasePolicy.ts'
import { deletedKeyView, keyItem, keyVersionsNamed, keyView, ofKey, operationsFor, requiredKey } from './versions.ts'

/** https://learn.microsoft.com/rest/api/keyvault/keys */
export const keysOf = ({ var: { vault } }: RequestContext): Record<string, Key> => {
  vault.keys ??= {}
  return vault.keys
}

export async function createKey(asked: RequestContext): Promise<Response> {
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'keys', 'create', name)
  checkWritable(asked, name)
  const { kty, spec } = wanted(asked, body)
  const privateKey = await keyFor(asked.var.azure, spec)
  return asked.json(keyView(asked, added(asked, name, body, { privateKey, kty })))
}

export async function importKey(asked: RequestContext): Promise<Response> {
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'keys', 'import', name)
  checkWritable(asked, name)
  const jwk = objectAt(body, 'key')
  const [privateKey, kty] = [privateOf(jwk), textAt(jwk, 'kty') ?? '']
  checkHsm(asked, kty)
  return asked.json(keyView(asked, added(asked, name, body, { privateKey, kty }, textsAt(jwk, 'key_ops'))))
}

function checkWritable(asked: RequestContext, name: string): void {
  checkFree(asked, keysOf(asked), 'key', name)
  if (!find(asked, asked.var.vault.certificates, name)) return
  throw refuse(409, 'Conflict', `The name ${name} is in use by the key of a certificate.`)
}

function checkHsm(asked: RequestContext, kty: string): void {
  if (!kty.endsWith('-HSM') || same(asked.var.resource.properties.sku.name, 'premium')) return
  throw refuse(403, 'Forbidden', 'HSM-protected keys are not supported in a vault of the standard tier.', 'SkuNotSupported')
}

function wanted(asked: RequestContext, body: JsonObject): { kty: string; spec: KeySpec } {
  const kty = textAt(body, 'kty') ?? ''
  checkHsm(asked, kty)
  const size = numberAt(body, 'key_size') ?? 2048
  if (kty === 'RSA' || kty === 'RSA-HSM') {
    if (![2048, 3072, 4096].includes(size)) throw badParameter(`Key size '${size}' is not supported for key type '${kty}'.`)
    return { kty, spec: { kty: 'RSA', key_size: size } }
  }
  if (kty !== 'EC' && kty !== 'EC-HSM') throw badParameter(`The key type '${kty}' is not supported.`)
  // An empty name asks for the default as well: azurerm_key_vault_key, test "releasePolicy".
  const crv = textAt(body, 'crv') || 'P-256'
  const bits = curves[crv]?.bits
  if (bits === undefined) throw badParameter(`The curve '${crv}' is not supported.`)
  return { kty, spec: { kty: 'EC', key_size: bits, crv } }
}

/** https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const parameters = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'x', 'y']

/** A private JSON Web Key as PKCS#8. */
function privateOf(jwk: JsonObject): string {
  const kty = (textAt(jwk, 'kty') ?? '').replace('-HSM', '')
  const crv = textAt(jwk, 'crv')
  const numbers = Object.fromEntries(
    parameters.map((name) => [name, textAt(jwk, name)]).filter(([, value]) => value !== undefined),
  )
  try {
    const named = crv !== undefined && { crv: crv === 'P-256K' ? 'secp256k1' : crv }
    const key = createPrivateKey({ key: { ...numbers, kty, ...named }, format: 'jwk' })
    if (specOf(key)) return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch {
    // The refusal below says it.
  }
  throw badParameter('The property "key" is not a valid private JSON Web Key.')
}

/** A new version, which is current at once. */
function added(
  asked: RequestContext,
  name: string,
  body: JsonObject,
  made: Pick<KeyVersion, 'privateKey' | 'kty'>,
  operations = textsAt(body, 'key_ops') ?? operationsFor(made.kty),
) {
  const now = secondsOf(asked.var.azure.now())
  const tags = readTags(body)
  const keys = keysOf(asked)
  const key = keys[name.toLowerCase()] ?? { name, versions: [] }
  const version: KeyVersion = {
    ...made,
    version: newId(),
    operations,
    attributes: changedAttributes({ enabled: true, created: now, updated: now }, objectAt(body, 'attributes'), now),
    ...(tags && { tags }),
    ...releaseOf(body, key.versions.length === 0),
  }
  key.versions.push(version)
  keys[name.toLowerCase()] = key
  return requireNewest(key)
}

function requireNewest(key: Key) {
  const newest = ofKey(key).at(-1)
  if (newest) return newest
  throw badParameter(`The key ${key.name} has no version.`)
}

export function getKey(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'get', nameOf(asked))
  return asked.json(keyView(asked, requiredKey(asked, nameOf(asked))))
}

export async function patchKey(asked: RequestContext): Promise<Response> {
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'keys', 'update', name)
  const shown = requiredKey(asked, name)
  const version = find(asked, keysOf(asked), name)?.versions.find((one) => one.version === shown.version)
  if (!version) throw refuse(403, 'Forbidden', 'Operation update is not allowed on a key that belongs to a certificate.')
  version.attributes = changedAttributes(version.attributes, objectAt(body, 'attributes'), secondsOf(asked.var.azure.now()))
  version.operations = textsAt(body, 'key_ops') ?? version.operations
  changeRelease(version, body)
  const tags = readTags(body)
  if (tags) version.tags = tags
  return asked.json(keyView(asked, requiredKey(asked, name)))
}

/** The newest version of every key, those of certificates among them. */
export function listKeys(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'list')
  const named = byName({ ...asked.var.vault.certificates, ...keysOf(asked) })
  const items = named.flatMap(({ name }) => {
    const newest = keyVersionsNamed(asked, name).at(-1)
    return newest ? [keyItem(asked, newest, `${asked.var.base}/keys/${newest.name}`)] : []
  })
  return asked.json(page(asked, items))
}

export function listKeyVersions(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'list', nameOf(asked))
  return asked.json(
    page(
      asked,
      keyVersionsNamed(asked, nameOf(asked)).map((one) => keyItem(asked, one)),
    ),
  )
}

export function deleteKey(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'delete', nameOf(asked))
  const key = required(asked, keysOf(asked), 'key', nameOf(asked))
  erase(asked, key)
  return asked.json(deletedKeyView(asked, key, 'one'))
}

export function getDeletedKey(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'getdeleted', nameOf(asked))
  return asked.json(deletedKeyView(asked, requiredDeleted(asked, keysOf(asked), 'key', nameOf(asked)), 'one'))
}

export function listDeletedKeys(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'list')
  const keys = keysOf(asked)
  const deleted = byName(keys).filter(({ name }) => findDeleted(asked, keys, name))
  return asked.json(
    page(
      asked,
      deleted.map((one) => deletedKeyView(asked, one, 'list')),
    ),
  )
}

export function recoverKey(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'recover', nameOf(asked))
  const key = requiredDeleted(asked, keysOf(asked), 'key', nameOf(asked))
  recover(asked, key)
  return asked.json(keyView(asked, requireNewest(key)))
}

export function purgeKey(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'purge', nameOf(asked))
  const key = requiredDeleted(asked, keysOf(asked), 'key', nameOf(asked))
  checkPurgeable(asked)
  delete keysOf(asked)[key.name.toLowerCase()]
  return asked.body(null, 204)
}

/** `POST …/rotate`: a version of the same kind, now. */
export async function rotateKey(asked: RequestContext): Promise<Response> {
  requirePermission(asked, 'keys', 'rotate', nameOf(asked))
  const key = required(asked, keysOf(asked), 'key', nameOf(asked))
  await rotate(asked.var.azure, key, asked.var.azure.now())
  return asked.json(keyView(asked, requireNewest(key)))
}

export async function rotate(azure: RequestContext['var']['azure'], key: Key, at: Date): Promise<void> {
  const last = key.versions.at(-1)
  const spec = last && specOf(last.privateKey)
  if (!last || !spec) return
  const seconds = secondsOf(at)
  const { enabled } = last.attributes
  const life = key.rotation?.expiryTime
  const exp = life === undefined ? {} : { exp: secondsOf(later(at, life)) }
  const attributes = { enabled, ...exp, created: seconds, updated: seconds }
  key.versions.push({ ...last, version: newId(), privateKey: await keyFor(azure, spec), attributes })
}

const duration = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/

/** The moment so many years, months and days later: `P90D`, `P1Y`. */
export function later(from: Date, text: string): Date {
  const [whole, years = '0', months = '0', weeks = '0', days = '0'] = duration.exec(text) ?? []
  if (whole === undefined || whole === 'P')
    throw badParameter(`'${text}' is not a valid ISO 8601 duration of days, months or years.`)
  const to = new Date(from)
  to.setUTCMonth(to.getUTCMonth() + Number(years) * 12 + Number(months))
  to.setUTCDate(to.getUTCDate() + Number(weeks) * 7 + Number(days))
  return to
}
