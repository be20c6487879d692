import { constants, createHash, createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { asClient, at, errorOf, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'

// The keys of a vault (https://learn.microsoft.com/rest/api/keyvault/keys), as azurerm_key_vault_key and az use them.

const { sandbox, client, signInAgain } = ownSandbox({ settings: { registeringDns: 0, keyPool: 0 } })

const url = (path: string): string => `https://kv-contoso-mail.vault.azure.net${path}?api-version=7.4`
const create = (name: string, body: object) => client('POST', url(`/keys/${name}/create`), body)
const message = Buffer.from('what is signed')
const bytes = (value: unknown): Buffer => Buffer.from(String(value), 'base64url')

test('created, read, listed, changed, rotated, deleted, recovered', async () => {
  const made = await create('one', { kty: 'RSA', key_size: 2048, tags: { a: 'b' } })
  expect(made.json).toMatchObject({
    key: { kty: 'RSA', key_ops: expect.arrayContaining(['wrapKey']) },
    attributes: { enabled: true, exportable: false },
    tags: { a: 'b' },
  })
  expect((await client('GET', url('/keys/one/'))).json).toEqual(made.json)
  const exp = Math.floor(sandbox().now().getTime() / 1000) + 86_400
  const patched = await client('PATCH', url('/keys/one/'), { attributes: { exp }, key_ops: ['sign', 'verify'] })
  expect([at(patched.json, 'attributes', 'exp'), at(patched.json, 'key', 'key_ops')]).toEqual([exp, ['sign', 'verify']])
  await client('POST', url('/keys/one/rotate'))
  expect(valuesOf(await client('GET', url('/keys/one/versions')))).toHaveLength(2)
  expect(valuesOf(await client('GET', url('/keys'))).map(({ kid }) => kid)).toEqual([
    'https://kv-contoso-mail.vault.azure.net/keys/one',
  ])
  expect((await client('DELETE', url('/keys/one'))).json.recoveryId).toMatch(/\/deletedkeys\/one$/)
  sandbox().advance(1000)
  expect((await client('GET', url('/deletedkeys/one'))).status).toBe(200)
  expect(errorOf(await create('one', { kty: 'RSA' })).code).toBe('Conflict')
  await client('POST', url('/deletedkeys/one/recover'))
  sandbox().advance(1000)
  expect((await client('GET', url('/keys/one/'))).status).toBe(200)
})

// azurerm_key_vault_key, tests "releasePolicy" and "releasePolicyCustomizeDiff", which name no curve
test('a release policy is kept, changed, and final once it is immutable', async () => {
  const data = (authority: string): string =>
    Buffer.from(JSON.stringify({ anyOf: [{ authority }], version: '0.2' })).toString('base64url')
  const [attributes, first] = [{ exportable: true }, { data: data('https://a.attest.azure.net'), immutable: false }]
  expect((await create('released', { kty: 'EC', crv: '', attributes })).status).toBe(400)
  expect((await create('released', { kty: 'EC', crv: '', release_policy: first })).status).toBe(400)
  const made = await create('released', { kty: 'EC', crv: '', attributes, release_policy: first })
  const shown = { ...first, contentType: 'application/json; charset=utf-8' }
  expect(made.json).toMatchObject({ key: { crv: 'P-256' }, attributes: { exportable: true }, release_policy: shown })
  const final = { ...first, immutable: true }
  const write = (release_policy: object) => client('PATCH', url('/keys/released/'), { release_policy })
  expect((await write(final)).json.release_policy).toMatchObject({ immutable: true })
  expect((await write(final)).status).toBe(200)
  expect((await write({ ...final, data: data('https://b.attest.azure.net') })).status).toBe(400)
})

test('rotated by its policy when the time has come', async () => {
  await create('policied', { kty: 'EC', crv: 'P-256' })
  const lifetimeActions = [{ trigger: { timeAfterCreate: 'P30D' }, action: { type: 'rotate' } }]
  const put = await client('PUT', url('/keys/policied/rotationpolicy'), { lifetimeActions, attributes: { expiryTime: 'P90D' } })
  expect(put.json).toMatchObject({ lifetimeActions: [{ action: { type: 'Rotate' } }], attributes: { expiryTime: 'P90D' } })
  sandbox().advance(31 * 86_400_000)
  // The token has expired meanwhile.
  signInAgain()
  expect(valuesOf(await client('GET', url('/keys/policied/versions')))).toHaveLength(2)
  expect(
    (
      await client('PUT', url('/keys/policied/rotationpolicy'), {
        lifetimeActions: [{ trigger: { timeAfterCreate: 'soon' }, action: { type: 'rotate' } }],
      })
    ).status,
  ).toBe(400)
})

describe('decrypts and unwraps what it encrypted and wrapped', () => {
  // RSA1_5: azurerm_key_vault_encrypted_value, test "encryptAndDecrypt"
  test.each(['RSA1_5', 'RSA-OAEP', 'RSA-OAEP-256'])('by %s', async (alg) => {
    await create('box', { kty: 'RSA' })
    for (const [there, back] of [
      ['encrypt', 'decrypt'],
      ['wrapkey', 'unwrapkey'],
    ] as const) {
      const closed = await client('POST', url(`/keys/box/${there}`), { alg, value: message.toString('base64url') })
      const opened = await client('POST', url(`/keys/box/${back}`), { alg, value: closed.json.value })
      expect(bytes(opened.json.value)).toEqual(message)
    }
    expect((await client('POST', url('/keys/box/decrypt'), { alg, value: 'AAAA' })).status).toBe(400)
  })
})

describe('its signatures are verified here and by Node.js', () => {
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants
  test.each([
    ['RS256', { kty: 'RSA' }, 'sha256', RSA_PKCS1_PADDING],
    ['PS256', { kty: 'RSA' }, 'sha256', RSA_PKCS1_PSS_PADDING],
    ['PS512', { kty: 'RSA' }, 'sha512', RSA_PKCS1_PSS_PADDING],
    ['ES256', { kty: 'EC', crv: 'P-256' }, 'sha256', undefined],
    ['ES256K', { kty: 'EC', crv: 'P-256K' }, 'sha256', undefined],
    ['ES384', { kty: 'EC', crv: 'P-384' }, 'sha384', undefined],
    ['ES512', { kty: 'EC', crv: 'P-521' }, 'sha512', undefined],
  ])('by %s', async (alg, kind, hash, padding) => {
    const name = `sign-${alg}`
    const { json } = await create(name, kind)
    const digest = createHash(hash).update(message).digest()
    const said = await client('POST', url(`/keys/${name}/sign`), { alg, value: digest.toString('base64url') })
    const signature = bytes(said.json.value)
    const crv = at(json, 'key', 'crv')
    const jwk = { ...Object(json.key), ...(crv === 'P-256K' && { crv: 'secp256k1' }) }
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const options =
      padding === undefined
        ? { key, dsaEncoding: 'ieee-p1363' as const }
        : { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    expect(verify(hash, message, options, signature)).toBe(true)
    const check = (value: Buffer) =>
      client('POST', url(`/keys/${name}/verify`), {
        alg,
        digest: digest.toString('base64url'),
        value: value.toString('base64url'),
      })
    expect((await check(signature)).json.value).toBe(true)
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
    expect((await check(signature)).json.value).toBe(false)
    expect((await client('POST', url(`/keys/${name}/sign`), { alg, value: 'AAAA' })).status).toBe(400)
  })
})

test('imported, backed up and restored; refused without the right, with another operation, in a standard vault', async () => {
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const imported = await client('PUT', url('/keys/brought'), { key: { ...jwk, key_ops: ['sign'] } })
  expect(at(imported.json, 'key', 'n')).toBe(jwk.n)
  expect(errorOf(await client('POST', url('/keys/brought/encrypt'), { alg: 'RSA-OAEP', value: 'AAAA' })).code).toBe('Forbidden')
  const backup = await client('POST', url('/keys/brought/backup'))
  expect((await client('POST', url('/keys/restore'), backup.json)).status).toBe(409)
  expect((await asClient(sandbox(), 'reader')('POST', url(`/keys/${randomUUID()}/create`), { kty: 'RSA' })).status).toBe(403)
  expect((await create('hsm', { kty: 'RSA-HSM' })).status).toBe(403)
  expect((await client('GET', url('/keys/none'))).status).toBe(404)
})
