import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { tenant, world } from './world.ts'

const objectId = 'aaaaaaaa-0000-0000-0000-000000000001'
const der = Buffer.from('a certificate')
const sha1 = createHash('sha1').update(der).digest('hex').toUpperCase()

const entry = (keyId: string, more: object = {}) => ({
  customKeyIdentifier: 'AB'.repeat(20),
  displayName: 'CN=old',
  endDateTime: '2027-01-01T00:00:00Z',
  key: null,
  keyId,
  startDateTime: '2026-01-01T00:00:00Z',
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  ...more,
})

const application = (more: object = {}) => ({
  id: objectId,
  appId: 'app',
  displayName: 'KV-App',
  uniqueName: null,
  tags: [],
  keyCredentials: [],
  passwordCredentials: [],
  requiredResourceAccess: [],
  ...more,
})

const notFound = { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'no' } } }
const refusal = (status: number, code: string, message: string) => ({ status, body: { error: { code, message } } })
const json = (text: string | undefined): unknown => JSON.parse(text ?? '')
const nothing = { status: 204 }

describe('applications', () => {
  test('are read by an alternate key, their certificates with thumbprints', async () => {
    const keys = [
      entry('k1', { key: der.toString('base64') }),
      entry('k2'),
      entry('k3', { customKeyIdentifier: Buffer.from('ab'.repeat(20), 'hex').toString('base64') }),
    ]
    const access = [{ resourceAppId: 'api', resourceAccess: [{ id: 'role', type: 'Role' }] }]
    const at = await world(() => ({
      status: 200,
      body: application({ uniqueName: "o'x", keyCredentials: keys, requiredResourceAccess: access }),
    }))
    const found = await at.clients.directory.application(tenant, { uniqueName: "o'x" })
    expect(found?.keyCredentials.map(({ thumbprint }) => thumbprint)).toEqual([sha1, 'AB'.repeat(20), 'AB'.repeat(20)])
    expect(found?.requiredPermissions).toEqual([{ resourceAppId: 'api', roleId: 'role', type: 'Role' }])
    expect(at.asked()).toEqual([
      expect.stringMatching(/^GET \/v1\.0\/applications\(uniqueName='o''x'\)\?\$select=.*keyCredentials/),
    ])
    expect(at.server.received.at(-1)?.headers.authorization).toMatch(/^Bearer eyJh/)
  })

  test('are compared whatever the case of their GUIDs and the form of their dates', async () => {
    const keyId = 'ABCDEF00-0000-4000-8000-00000000000A'
    const secret = {
      keyId,
      displayName: 'x',
      startDateTime: '2026-11-01T02:00:00+02:00',
      endDateTime: '2027-05-01T00:00:00.0000000Z',
    }
    const at = await world(() => ({
      status: 200,
      body: application({ id: objectId.toUpperCase(), keyCredentials: [entry(keyId)], passwordCredentials: [secret] }),
    }))
    expect(await at.clients.directory.application(tenant, { appId: 'app' })).toMatchObject({
      objectId,
      keyCredentials: [{ keyId: keyId.toLowerCase(), end: '2027-01-01T00:00:00.000Z', raw: { keyId } }],
      passwordCredentials: [{ keyId: keyId.toLowerCase(), start: '2026-11-01T00:00:00.000Z', end: '2027-05-01T00:00:00.000Z' }],
    })
  })

  test('that are not there are undefined', async () => {
    const at = await world(() => notFound)
    expect(await at.clients.directory.application(tenant, { appId: 'x' })).toBeUndefined()
    expect(await at.clients.directory.servicePrincipal(tenant, 'x')).toBeUndefined()
  })

  test('are found by name through every page, whatever characters the name contains', async () => {
    const at = await world(({ path }) =>
      path.includes('skiptoken')
        ? { status: 200, body: { value: [application({ appId: 'two' })] } }
        : {
            status: 200,
            body: {
              value: [application({ appId: 'one' })],
              '@odata.nextLink': 'https://graph.lab.localhost/v1.0/applications?$skiptoken=RFNw',
            },
          },
    )
    const found = await at.clients.directory.applicationsNamed(tenant, 'a & b + https://c #1')
    expect(found.map(({ appId }) => appId)).toEqual(['one', 'two'])
    expect(at.asked()[0]).toContain("$filter=displayName eq 'a & b + https://c #1'")
  })

  test('are created by upsert, for one tenant only', async () => {
    const at = await world(() => ({ status: 201, body: application() }))
    await at.clients.directory.createApplication(tenant, { uniqueName: 'hma-x', displayName: 'KV-App', tags: ['hma'] })
    expect(at.asked()).toEqual(["PATCH /v1.0/applications(uniqueName='hma-x')"])
    const request = at.server.received.at(-1)
    expect(request?.headers.prefer).toBe('create-if-missing')
    expect(json(request?.body)).toEqual({ displayName: 'KV-App', tags: ['hma'], signInAudience: 'AzureADMyOrg' })
  })

  test('that are deleted are searched one by one, and restored', async () => {
    const at = await world(({ method }) =>
      method === 'POST'
        ? { status: 200, body: {} }
        : { status: 200, body: { value: [application(), application({ uniqueName: 'hma-x', id: 'gone' })] } },
    )
    expect(await at.clients.directory.deletedApplication(tenant, { uniqueName: 'hma-x' })).toMatchObject({ objectId: 'gone' })
    await at.clients.directory.restoreApplication(tenant, 'gone')
    expect(at.asked().at(-1)).toBe('POST /v1.0/directory/deletedItems/gone/restore')
  })
})

describe('certificates', () => {
  const add = {
    certificate: der.toString('base64'),
    displayName: 'CN=new',
    start: '2026-11-01T00:00:00Z',
    end: '2027-11-01T00:00:00Z',
  }

  test('that are kept are sent back as they were read, without their key', async () => {
    const old = entry('k1', { key: der.toString('base64'), usage: 'Sign' })
    const at = await world(({ method }) =>
      method === 'GET' ? { status: 200, body: application({ keyCredentials: [old] }) } : nothing,
    )
    const kept = (await at.clients.directory.application(tenant, { appId: 'app' }))?.keyCredentials ?? []
    await at.clients.directory.setKeys(tenant, objectId, { kept, added: add })
    expect(json(at.server.received.at(-1)?.body)).toEqual({
      keyCredentials: [
        { ...old, key: null },
        {
          key: add.certificate,
          displayName: 'CN=new',
          type: 'AsymmetricX509Cert',
          usage: 'Verify',
          startDateTime: add.start,
          endDateTime: add.end,
        },
      ],
    })
  })

  test('whose dates Entra refuses are sent once more without them', async () => {
    const at = await world((_request, count) =>
      count === 1 ? refusal(400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.') : nothing,
    )
    await at.clients.directory.setKeys(tenant, objectId, { kept: [], added: add })
    expect(at.asked()).toHaveLength(2)
    expect(at.server.received.at(-1)?.body).not.toContain('DateTime')
  })
})

describe('client secrets', () => {
  const wanted = { displayName: 'hma', start: '2026-11-01T00:00:00Z', end: '2027-05-01T00:00:00Z' }

  test('are returned once and cannot be printed', async () => {
    const at = await world(() => ({ status: 200, body: { keyId: 'k', secretText: 'hush-value' } }))
    const added = await at.clients.directory.addPassword(tenant, objectId, wanted)
    expect(added.value.reveal()).toBe('hush-value')
    expect(JSON.stringify(added) + at.lines.join()).not.toContain('hush')
    expect(json(at.server.received.at(-1)?.body)).toEqual({
      passwordCredential: { displayName: 'hma', startDateTime: wanted.start, endDateTime: wanted.end },
    })
    expect(at.server.received.at(-1)?.headers).not.toHaveProperty('x-hma-replay')
  })

  test.each(['drop', { status: 429 }, { status: 503 }, { status: 504 }] as const)(
    'are never asked for twice, after %j',
    async (answer) => {
      const at = await world(() => answer)
      await expect(at.clients.directory.addPassword(tenant, objectId, wanted)).rejects.toMatchObject({ service: 'graph' })
      expect(at.asked()).toHaveLength(1)
    },
  )

  test.each(['drop', { status: 500 }, { status: 503 }] as const)('are removed again after %j', async (answer) => {
    const gone = refusal(400, 'Request_BadRequest', 'No password credential found with keyId.')
    const at = await world((_request, count) => (count === 1 ? answer : gone))
    await at.clients.directory.removePassword(tenant, objectId, 'k')
    expect(at.asked()).toHaveLength(2)
  })

  test('that no longer exist count as removed', async () => {
    const at = await world(() => refusal(400, 'Request_BadRequest', 'No password credential found with keyId.'))
    await expect(at.clients.directory.removePassword(tenant, objectId, 'k')).resolves.toBeUndefined()
  })
})

test('writes to one application are made one at a time, to several side by side', async () => {
  const most = async (ids: readonly string[]): Promise<number> => {
    let [now, highest] = [0, 0]
    const at = await world(async () => {
      highest = Math.max(highest, ++now)
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      now--
      return nothing
    })
    const { setKeys, removePassword, updateApplication } = at.clients.directory
    const writes = [
      (id: string) => setKeys(tenant, id, { kept: [] }),
      (id: string) => removePassword(tenant, id, 'k'),
      (id: string) => updateApplication(tenant, id, {}),
    ]
    await Promise.all(writes.map((write, index) => write(ids[index] ?? '')))
    expect(at.asked()).toHaveLength(3)
    return highest
  }
  expect(await most(['a', 'a', 'a'])).toBe(1)
  expect(await most(['a', 'b', 'c'])).toBeGreaterThan(1)
})

test('existing consent is not an error, and any other refusal names the permission', async () => {
  const grant = { principalId: 'p', resourceId: 'r', appRoleId: 'a' }
  const there = await world(() => refusal(400, 'Request_BadRequest', 'Permission being assigned already exists on the object'))
  await expect(there.clients.directory.grantAppRole(tenant, grant)).resolves.toBeUndefined()
  expect(there.asked()).toEqual(['POST /v1.0/servicePrincipals/r/appRoleAssignedTo'])
  const denied = await world(() =>
    refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  )
  await expect(denied.clients.directory.grantAppRole(tenant, grant)).rejects.toMatchObject({
    hint: expect.stringContaining('AppRoleAssignment.ReadWrite.All'),
    retryable: false,
  })
})

test('an answer of the wrong shape names the field', async () => {
  const at = await world(() => ({ status: 200, body: application({ appId: 7 }) }))
  await expect(at.clients.directory.application(tenant, { appId: 'x' })).rejects.toThrow(/answer\.appId/)
})

describe('a right that seems to be missing', () => {
  const denied = refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
  const keys = { kept: [] }
  const grant = { principalId: objectId, resourceId: 'exo', appRoleId: 'role' }
  const creating = { uniqueName: 'x', displayName: 'X', tags: [] }
  const retryable = (call: Promise<unknown>) => call.catch((error) => error.retryable)

  test('is reported if this run has created nothing', async () => {
    const { directory } = (await world(() => denied)).clients
    expect(await retryable(directory.setKeys(tenant, objectId, keys))).toBe(false)
    expect(await retryable(directory.createApplication(tenant, creating))).toBe(false)
  })

  test('is not reported if a replica still showed a removed entry: the call is retried', async () => {
    const stale = refusal(400, 'Request_BadRequest', 'Key credential must have a value.')
    expect(await retryable((await world(() => stale)).clients.directory.setKeys(tenant, objectId, keys))).toBe(true)
  })

  test('is retried if a replica may not know the owner of a new registration yet', async () => {
    const { directory } = (await world(({ path }) => (path.includes('uniqueName=') ? nothing : denied))).clients
    await directory.createApplication(tenant, creating)
    expect(await retryable(directory.setKeys(tenant, objectId, keys))).toBe('briefly')
    expect(await retryable(directory.createServicePrincipal(tenant, 'app'))).toBe('briefly')
    expect(await retryable(directory.grantAppRole(tenant, grant))).toBe(false)
    expect(await retryable(directory.setKeys(`2${tenant.slice(1)}`, objectId, keys))).not.toBe('briefly')
  })
})
