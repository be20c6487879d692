import { createPrivateKey, sign } from 'node:crypto'
import forge from 'node-forge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { type AsClient, asClient, at, errorOf } from '../clients/asClient.ts'
import { ask, askForToken, startSandbox, vaultTenant } from '../support/sandbox.ts'
import { type SelfSigned, selfSigned } from '../support/selfSigned.ts'

// https://learn.microsoft.com/graph/api/application-addkey, and application-rollkey-prooftoken for the proof

let sandbox: Sandbox
let client: AsClient
let [first, second, expired]: SelfSigned[] = []
beforeAll(async () => {
  sandbox = await startSandbox()
  client = asClient(sandbox)
  const yesterday = new Date(sandbox.now().getTime() - 86_400_000)
  const all = await Promise.all([
    selfSigned('CN=first', yesterday, 90),
    selfSigned('CN=second', yesterday, 90),
    selfSigned('CN=old', yesterday, 2),
  ])
  ;[first, second, expired] = all
})
afterAll(() => sandbox.close())

const v1 = 'https://graph.microsoft.com/v1.0'
const entry = ({ der } = shown(first)) => ({ type: 'AsymmetricX509Cert', usage: 'Verify', key: der })

function shown(one: SelfSigned | undefined): SelfSigned {
  if (one === undefined) throw new Error('The certificates are made first.')
  return one
}

/** A proof as the page makes it, with whatever a test wants to be otherwise. */
function proof({ privateKey } = shown(first), claims: object = {}): string {
  const nbf = Math.floor(Date.now() / 1000)
  const whole = { aud: '00000002-0000-0000-c000-000000000000', nbf, exp: nbf + 600, ...claims }
  const parts = [{ alg: 'RS256', typ: 'JWT' }, whole].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const signature = sign('sha256', Buffer.from(parts.join('.')), createPrivateKey(privateKey)).toString('base64url')
  return [...parts, signature].join('.')
}

const registered = async (certificates: readonly SelfSigned[] = [shown(first)]) =>
  (await client('POST', `${v1}/applications`, { displayName: 'rolls', keyCredentials: certificates.map(entry) })).json

describe('a key is added and removed by whoever has one already', () => {
  test('to sign in with', async () => {
    const { id, appId } = await registered()
    const body = { keyCredential: entry(shown(second)), passwordCredential: null, proof: proof(undefined, { iss: id }) }
    const added = await client('POST', `${v1}/applications/${id}/addKey`, body)
    expect([added.status, added.json]).toMatchObject([
      200,
      { displayName: 'CN=second', type: 'AsymmetricX509Cert', usage: 'Verify', key: null },
    ])
    const keys = async () => at((await client('GET', `${v1}/applications(appId='${appId}')`)).json, 'keyCredentials')
    expect(await keys()).toHaveLength(2)
    const removal = { keyId: added.json.keyId, proof: proof(shown(second), { iss: id }) }
    expect((await client('POST', `${v1}/applications/${id}/removeKey`, removal)).status).toBe(204)
    expect(await keys()).toMatchObject([{ displayName: 'CN=first' }])
    expect((await client('POST', `${v1}/applications/${id}/removeKey`, { ...removal, proof: body.proof })).status).toBe(400)
  })

  test('an application needs no permission to roll its own', async () => {
    const { id, appId } = await registered()
    await client('POST', `${v1}/servicePrincipals`, { appId })
    const { json } = await client('POST', `${v1}/applications/${id}/addPassword`)
    const fields = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default', client_id: String(appId) }
    const token = await askForToken(sandbox, vaultTenant, { ...fields, client_secret: String(json.secretText) })
    const headers = { authorization: `Bearer ${token.json.access_token}` }
    const body = { keyCredential: entry(shown(second)), passwordCredential: null, proof: proof(undefined, { iss: id }) }
    const asked = { method: 'POST', headers, body }
    expect((await ask(sandbox, `${v1}/applications/${id}/addKey`, asked)).status).toBe(200)
    expect((await ask(sandbox, `${v1}/applications/${(await registered()).id}/addKey`, asked)).status).toBe(403)
  })

  test('to sign tokens with, a PKCS #12 with its password', async () => {
    const { appId } = await registered()
    const { id } = (await client('POST', `${v1}/servicePrincipals`, { appId, keyCredentials: [entry()] })).json
    const { privateKey, pem } = shown(second)
    const file = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(privateKey), forge.pki.certificateFromPem(pem), 'pass', {
      algorithm: '3des',
    })
    const key = forge.util.encode64(forge.asn1.toDer(file).getBytes())
    const body = {
      keyCredential: { type: 'X509CertAndPassword', usage: 'Sign', key },
      passwordCredential: { secretText: 'pass' },
    }
    const path = `${v1}/servicePrincipals/${id}/addKey`
    const added = await client('POST', path, { ...body, proof: proof(undefined, { iss: id }) })
    expect([added.status, added.json.usage, added.json.displayName]).toEqual([200, 'Sign', 'CN=second'])
    expect(at((await client('GET', `${v1}/servicePrincipals/${id}`)).json, 'passwordCredentials', '0', 'keyId')).toBe(
      added.json.keyId,
    )
    const wrong = { ...body, passwordCredential: { secretText: 'other' }, proof: proof(undefined, { iss: id }) }
    expect((await client('POST', path, wrong)).status).toBe(400)
  })
})

describe('a proof that proves nothing', () => {
  const rows: readonly (readonly [what: string, proof: (id: unknown) => string | null, status: number])[] = [
    ['none', () => null, 403],
    ['no JWT', () => 'x', 401],
    ['of a key that is not there', (id) => proof(shown(second), { iss: id }), 401],
    ['of a certificate that has expired', (id) => proof(shown(expired), { iss: id }), 401],
    ['in the name of another object', () => proof(undefined, { iss: vaultTenant }), 401],
    ['for another audience', (id) => proof(undefined, { iss: id, aud: '00000003-0000-0000-c000-000000000000' }), 401],
    ['that has ended', (id) => proof(undefined, { iss: id, exp: 1 }), 401],
    ['with padding', (id) => `${proof(undefined, { iss: id })}=`, 401],
  ]
  test.each(rows)('%s', async (_what, given, status) => {
    const { id } = await registered([shown(first), shown(expired)])
    const stored = sandbox.world.directory.tenants[vaultTenant]?.applications[String(id)]?.keyCredentials[1]
    if (stored === undefined) throw new Error('There are two keys.')
    stored.endDateTime = new Date(sandbox.now().getTime() - 1000).toISOString()
    const body = { keyCredential: entry(shown(second)), passwordCredential: null, proof: given(id) }
    const refused = await client('POST', `${v1}/applications/${id}/addKey`, body)
    expect(refused.status).toBe(status)
    if (status === 401) expect(errorOf(refused)).toMatchObject({ code: 'Authentication_MissingOrMalformed' })
  })
})
