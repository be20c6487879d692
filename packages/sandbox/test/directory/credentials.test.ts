import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { errorOf, fieldsOf, type Graph, graphAs, graphUrl, listOf } from '../support/graph.ts'
import { type Answer, mailTenant, principal, startSandbox } from '../support/sandbox.ts'
import { type SelfSigned, selfSigned } from '../support/selfSigned.ts'

const day = 86_400_000

let sandbox: Sandbox
let graph: Graph
let one: SelfSigned
let two: SelfSigned
let id: string

beforeAll(async () => {
  sandbox = await startSandbox()
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
  const yesterday = new Date(sandbox.now().getTime() - day)
  one = await selfSigned('CN=one', yesterday, 365)
  two = await selfSigned('CN=two', yesterday, 730)
})
beforeEach(async () => {
  id = String((await graph('POST', '/applications', { displayName: 'Credentials' })).json.id)
})
afterAll(() => sandbox.close())

const entry = ({ der }: SelfSigned, more: object = {}) => ({ type: 'AsymmetricX509Cert', usage: 'Verify', key: der, ...more })
const setKeys = (...keyCredentials: object[]): Promise<Answer> => graph('PATCH', `/applications/${id}`, { keyCredentials })
const keys = async (query = ''): Promise<readonly Record<string, unknown>[]> =>
  listOf((await graph('GET', `/applications/${id}${query}`)).json.keyCredentials)

describe('certificates', () => {
  test('are shown with thumbprint, subject and times, but without their bytes', async () => {
    const keyId = randomUUID()
    const start = one.notBefore.toISOString()
    expect(
      (await setKeys(entry(one, { keyId, displayName: null, startDateTime: start, endDateTime: one.notAfter.toISOString() })))
        .status,
    ).toBe(204)
    expect(await keys()).toEqual([
      {
        customKeyIdentifier: one.thumbprint,
        displayName: 'CN=one',
        endDateTime: one.notAfter.toISOString().replace(/\.\d+Z/, 'Z'),
        key: null,
        keyId,
        startDateTime: start.replace(/\.\d+Z/, 'Z'),
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
      },
    ])
  })

  test('show their bytes where they are asked for by name, in lists too unless the setting says otherwise', async () => {
    await setKeys(entry(one))
    expect((await keys('?$select=keyCredentials'))[0]?.key).toBe(one.der)
    const inList = async (): Promise<unknown> => {
      const { json } = await graph('GET', `/applications?$filter=id eq '${id}'&$select=keyCredentials`)
      return listOf(listOf(json.value)[0]?.keyCredentials)[0]?.key
    }
    expect(await inList()).toBe(one.der)
    sandbox.settings.keyInLists = false
    expect(await inList()).toBeNull()
    sandbox.settings.keyInLists = true
  })

  test('are replaced whole; an entry with its keyId and no key stays as it is', async () => {
    await setKeys(entry(one, { displayName: 'first' }))
    const [first] = await keys()
    expect((await setKeys({ ...first }, entry(two))).status).toBe(204)
    expect((await keys()).map(({ customKeyIdentifier }) => customKeyIdentifier)).toEqual([one.thumbprint, two.thumbprint])
    expect((await keys())[0]).toEqual(first)
    expect((await setKeys(entry(two, { keyId: (await keys())[1]?.keyId }))).status).toBe(204)
    expect((await keys()).map(({ customKeyIdentifier }) => customKeyIdentifier)).toEqual([two.thumbprint])
    expect((await setKeys()).status).toBe(204)
    expect(await keys()).toEqual([])
  })

  test('are taken as DER or PEM in base64, with line breaks or without', async () => {
    const pem = Buffer.from(one.pem).toString('base64')
    for (const key of [one.der, pem, one.der.replace(/(.{64})/g, '$1\r\n')]) {
      expect((await setKeys(entry(one, { key }))).status).toBe(204)
      expect((await keys('?$select=keyCredentials'))[0]).toMatchObject({ key: one.der, customKeyIdentifier: one.thumbprint })
    }
  })

  test('live as long as the certificate where no times are given', async () => {
    await setKeys(entry(two))
    expect((await keys())[0]?.endDateTime).toBe(two.notAfter.toISOString().replace(/\.\d+Z/, 'Z'))
  })

  test('cannot be changed', async () => {
    await setKeys(entry(one))
    const [stored] = await keys()
    const { keyId } = stored ?? {}
    for (const change of [
      entry(two, { keyId }),
      { ...stored, endDateTime: '2030-01-01T00:00:00Z' },
      { ...stored, usage: 'Sign' },
    ]) {
      const answer = await setKeys(change)
      expect(answer.status).toBe(400)
      expect(errorOf(answer).message).toBe(`Update to existing credential with KeyId '${keyId}' is not allowed.`)
      expect(listOf(errorOf(answer).details)[0]).toMatchObject({ code: 'KeyNotUpdatable' })
    }
    expect(await keys()).toEqual([stored])
  })

  test.each<[string, () => object, string, RegExp]>([
    [
      'an end after the certificate',
      () => entry(one, { endDateTime: two.notAfter.toISOString() }),
      'KeyCredentialsInvalidEndDate',
      /end date/,
    ],
    ['an end in the past', () => entry(one, { endDateTime: '2020-01-01T00:00:00Z' }), 'KeyCredentialsInvalidEndDate', /end date/],
    [
      'a time without a zone',
      () => entry(one, { endDateTime: '2027-01-01T00:00:00' }),
      'KeyCredentialsInvalidEndDate',
      /end date/,
    ],
    [
      'another usage',
      () => entry(one, { usage: 'Encrypt' }),
      'Request_BadRequest',
      /"usage".*Acceptable values are Sign, Verify/,
    ],
    ['another type', () => entry(one, { type: 'Symmetric' }), 'Request_BadRequest', /"type"/],
    ['an unknown keyId without a key', () => ({ ...entry(one), key: null, keyId: randomUUID() }), 'Request_BadRequest', /value/],
    ['no key', () => ({ type: 'AsymmetricX509Cert', usage: 'Verify' }), 'Request_BadRequest', /value/],
    ['a key that is no certificate', () => entry(one, { key: 'aGVsbG8=' }), 'Request_BadRequest', /invalid/],
    ['a malformed keyId', () => entry(one, { keyId: '1' }), 'Request_BadRequest', /keyCredentials/],
    ['an unknown property', () => entry(one, { thumbprint: one.thumbprint }), 'Request_BadRequest', /'thumbprint'/],
    [
      'a customKeyIdentifier of more than 32 bytes',
      () => entry(one, { customKeyIdentifier: Buffer.alloc(33).toString('base64') }),
      'Request_BadRequest',
      /keyCredentials/,
    ],
  ])('are refused for %s, and what was there stays', async (_what, wrong, code, message) => {
    await setKeys(entry(two))
    const before = await keys()
    const answer = await setKeys({ ...before[0] }, wrong())
    expect([answer.status, errorOf(answer).code]).toEqual([400, code])
    expect(errorOf(answer).message).toMatch(message)
    expect(await keys()).toEqual(before)
  })

  test('may come with the creation, but without a keyId', async () => {
    const made = await graph('POST', '/applications', { displayName: 'With key', keyCredentials: [entry(one)] })
    expect(listOf(made.json.keyCredentials)[0]).toMatchObject({ customKeyIdentifier: one.thumbprint, key: null })
    const refused = await graph('POST', '/applications', {
      displayName: 'x',
      keyCredentials: [entry(one, { keyId: randomUUID() })],
    })
    expect(errorOf(refused).message).toBe('The property KeyId is not supported for Create Application flow')
  })
})

describe('secrets', () => {
  const add = (passwordCredential?: object): Promise<Answer> =>
    graph('POST', `/applications/${id}/addPassword`, passwordCredential && { passwordCredential })
  const secrets = async (): Promise<readonly Record<string, unknown>[]> =>
    listOf((await graph('GET', `/applications/${id}`)).json.passwordCredentials)

  test('are shown once, and later only by their first characters', async () => {
    const times = { startDateTime: '2026-04-08T09:40:17Z', endDateTime: '2036-04-08T09:40:17Z' }
    const { status, json } = await add({ displayName: 'rbac', ...times })
    expect(status).toBe(200)
    expect(Object.keys(json).slice(1)).toEqual([
      ...['customKeyIdentifier', 'displayName', 'endDateTime', 'hint', 'keyId', 'secretText', 'startDateTime'],
    ])
    expect(json).toMatchObject({ '@odata.context': `${graphUrl}/v1.0/$metadata#microsoft.graph.passwordCredential`, ...times })
    expect(String(json.secretText)).toHaveLength(40)
    expect(String(json.secretText).startsWith(String(json.hint))).toBe(true)
    const { '@odata.context': _context, ...told } = json
    expect(await secrets()).toEqual([{ ...told, secretText: null }])
  })

  test('live two years from now unless something else is said', async () => {
    const before = sandbox.now()
    const { json } = await add()
    const start = Date.parse(String(json.startDateTime))
    expect(Math.abs(start - before.getTime())).toBeLessThan(10_000)
    const end = new Date(start)
    end.setUTCFullYear(end.getUTCFullYear() + 2)
    expect(Date.parse(String(json.endDateTime))).toBe(end.getTime())
    expect(json.displayName).toBeNull()
  })

  test('come by appId as well, and are removed by their keyId', async () => {
    const { appId } = (await graph('GET', `/applications/${id}`)).json
    const { json } = await graph('POST', `/applications(appId='${appId}')/addPassword`, {})
    const remove = (keyId: unknown): Promise<Answer> => graph('POST', `/applications/${id}/removePassword`, { keyId })
    expect((await remove(json.keyId)).status).toBe(204)
    expect(await secrets()).toEqual([])
    const again = await remove(json.keyId)
    expect([again.status, errorOf(again).message]).toEqual([400, 'No password credential found with keyId.'])
    expect((await remove('x')).status).toBe(400)
  })

  test('cannot be set by a change, only dropped', async () => {
    await add({ displayName: 'kept' })
    await add({ displayName: 'dropped' })
    const [first] = await secrets()
    const refused = await graph('PATCH', `/applications/${id}`, { passwordCredentials: [first, { displayName: 'new' }] })
    expect(errorOf(refused).message).toBe('New password credentials must be generated using service actions.')
    expect((await graph('PATCH', `/applications/${id}`, { passwordCredentials: [first] })).status).toBe(204)
    expect(await secrets()).toEqual([first])
  })

  test.each([
    [{ passwordCredential: { endDateTime: 'tomorrow' } }],
    [{ passwordCredential: { startDateTime: '2027-01-02T00:00:00Z', endDateTime: '2027-01-01T00:00:00Z' } }],
    [{ passwordCredential: { colour: 'red' } }],
    [{ passwordCredential: 'x' }],
    [{ displayName: 'not inside' }],
  ])('are refused for %j', async (body) => {
    expect((await graph('POST', `/applications/${id}/addPassword`, body)).status).toBe(400)
    expect(await secrets()).toEqual([])
  })
})

describe('the app management policy', () => {
  test('refuses secrets, and credentials that live too long, with its id', async () => {
    const strict = await startSandbox()
    const owner = await graphAs(strict, principal(strict, mailTenant))
    const { json: made } = await owner('POST', '/applications', { displayName: 'Strict' })
    const tenant = strict.world.directory.tenants[mailTenant]
    if (tenant === undefined) throw new Error('The tenant is missing.')
    tenant.policy = { isEnabled: true, passwordAddition: false, passwordLifetimeDays: 90, keyLifetimeDays: 180 }
    const add = (endDateTime: Date): Promise<Answer> =>
      owner('POST', `/applications/${made.id}/addPassword`, { passwordCredential: { endDateTime: endDateTime.toISOString() } })
    const in91 = new Date(strict.now().getTime() + 91 * day)
    const in89 = new Date(strict.now().getTime() + 89 * day)
    const long = await add(in91)
    expect([long.status, errorOf(long).code]).toEqual([400, 'CredentialInvalidLifetimeAsPerAppPolicy'])
    expect((await add(in89)).status).toBe(200)
    const certificate = await owner('PATCH', `/applications/${made.id}`, { keyCredentials: [entry(one)] })
    expect(errorOf(certificate).code).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
    const { json: policy } = await owner('GET', '/policies/defaultAppManagementPolicy')
    expect(policy).toMatchObject({ isEnabled: true })
    expect(errorOf(long).message).toContain(String(policy.id))
    const restrictions = fieldsOf(policy.applicationRestrictions)
    expect(listOf(restrictions.passwordCredentials)[0]).toMatchObject({
      restrictionType: 'passwordLifetime',
      maxLifetime: 'P90D',
    })
    tenant.policy = { isEnabled: true, passwordAddition: true }
    expect(errorOf(await add(in89)).code).toBe('CredentialTypeNotAllowedAsPerAppPolicy')
    await strict.close()
  })
})
