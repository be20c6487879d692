import { createPrivateKey, createSign, randomUUID, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { afterEach, describe, expect, test } from 'vitest'
import { form, raw } from '../../packages/sandbox/test/support/rawRequest.ts'
import { HmaError } from '../../src/core/errors.ts'
import type { Change } from '../../src/core/plan.ts'
import { SurveyFailed } from '../../src/core/survey.ts'
import { type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'

let open: OpenDeployment | undefined
const staged = async (...args: Parameters<typeof openDeployment>): Promise<OpenDeployment> => {
  open = await openDeployment(...args)
  return open
}
afterEach(async () => {
  await open?.close()
  open = undefined
})

const actions = (changes: readonly Change[]) =>
  Object.fromEntries(changes.map(({ address, action }) => [address.split('/')[1], action]))
const kinds = (changes: readonly Change[]) => [...new Set(changes.map(({ action }) => action))]

const variants: readonly (readonly [string, Variant])[] = [
  ['two tenants, a new RBAC vault, Dynamics', {}],
  ['a new vault with access policies', { create: 'accessPolicy' }],
  ['one tenant', { tenants: 1 }],
  ['a vault that exists', { create: false }],
  ['no Dynamics: the secret is kept in the vault', { dynamics: false }],
  ['Dynamics, and a copy of the secret in the vault', { copy: true }],
  ['a certificate that the vault issues itself', { issuer: 'Self' }],
]

describe.each(variants)('%s', (_name, variant) => {
  test('is created from nothing, stays, is removed, and comes back from soft delete', async () => {
    const here = await staged(variant)
    const first = await here.apply()
    expect(kinds(first.changes)).toEqual(['create'])
    expect(first.changes.every(({ reason }) => reason === 'missing')).toBe(true)
    expect(first.events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])

    const again = await here.apply()
    expect(kinds(again.changes)).toEqual(['none'])
    expect(again.writes).toEqual([])
    expect(here.sandbox.violations).toEqual([])

    const gone = await here.apply({ remove: true })
    expect(gone.events.filter(({ type }) => type === 'failed')).toEqual([])
    const twice = await here.apply({ remove: true })
    expect(kinds(twice.changes)).toEqual(['none'])
    expect(twice.writes).toEqual([])

    const back = await here.apply()
    expect(back.events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    expect(back.changes.flatMap(({ differences }) => differences.map(({ why }) => why))).toContain(
      'recovered from soft delete, not created',
    )
    expect(kinds(await here.plan())).toEqual(['none'])
  })
})

test('lagging replicas do not change the result', async () => {
  const here = await staged({}, { replicationLag: 200, registeringDns: 200 })
  const first = await here.apply()
  expect(first.events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
  const tenants = Object.values(here.sandbox.world.directory.tenants)
  const ours = tenants
    .flatMap(({ applications }) => Object.values(applications))
    .filter(({ tags }) => tags.includes('hma:contoso'))
  expect(ours.map(({ displayName }) => displayName).sort()).toEqual(['HMA-App', 'KV-App'])
  expect(ours.flatMap(({ passwordCredentials }) => passwordCredentials)).toHaveLength(1)
  expect(ours.flatMap(({ keyCredentials }) => keyCredentials)).toHaveLength(1)
})

test('a principal that may only read can plan', async () => {
  const here = await staged({ create: false })
  const reader = await here.with({ create: false }, 'reader')
  expect(kinds(await reader.plan())).toEqual(['create'])
  await here.apply()
  expect(kinds(await reader.plan())).toEqual(['none'])
})

test('a missing right is named', async () => {
  const here = await staged({ create: false })
  const reader = await here.with({ create: false }, 'reader')
  const { events } = await reader.apply()
  const failed = events.flatMap((event) => (event.type === 'failed' ? [[event.address, event.error] as const] : []))
  const hints = failed
    .map(([address, error]) => `${address}: ${error instanceof Error && 'hint' in error ? error.hint : ''}`)
    .join('\n')
  expect(hints).toContain('Application.ReadWrite')
  expect(hints).toContain('Key Vault Certificates Officer')
  expect(events.filter(({ type }) => type === 'done')).toEqual([])
})

test('consent is left to an administrator where the configuration says so', async () => {
  const here = await staged({ consent: 'manual' })
  const first = await here.apply()
  expect(actions(first.changes).adminConsent).toBe('manual')
  const waiting = first.events.find((event) => event.type === 'skipped')
  expect(waiting).toMatchObject({ address: 'contoso/adminConsent', waiting: true })
  expect(waiting?.type === 'skipped' && waiting.because).toMatch(/adminconsent\?client_id=[0-9a-f-]{36} /)
  expect(actions(first.changes).emailServerProfile).toBe('create')
  const granting = await here.with({ consent: 'grant' })
  await granting.apply()
  expect(kinds(await here.plan())).toEqual(['none'])
})

describe('objects that hma did not create', () => {
  test('blocks the plan if a registration with that name exists, to be adopted by its appId', async () => {
    const here = await staged()
    const registration = { appId: randomUUID(), displayName: 'KV-App' }
    const tenant = Object.values(here.sandbox.world.directory.tenants)[0]
    expect(tenant).toBeDefined()
    const url = 'https://graph.microsoft.com/v1.0/applications'
    const token = await tokenOf(here, 'https://graph.microsoft.com/.default')
    const made = await raw(
      here.sandbox,
      'POST',
      url,
      json({ displayName: registration.displayName, signInAudience: 'AzureADMyOrg' }, token),
    )
    expect(made.status).toBe(201)
    const { appId }: { appId: string } = JSON.parse(made.body)

    const blocked = await here.plan()
    const change = blocked.find(({ address }) => address === 'contoso/keyVaultApp')
    expect(change).toMatchObject({ action: 'manual', reason: 'unmarked' })
    expect(change?.differences.map(({ why }) => why).join()).toContain('that hma did not make')

    const named = await here.with({ keyVaultAppId: appId })
    const taken = await named.apply()
    expect(actions(taken.changes).keyVaultApp).toBe('adopt')
    expect(taken.events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    expect(kinds(await named.plan())).toEqual(['none'])

    await named.apply({ remove: true })
    const left = await raw(here.sandbox, 'GET', `${url}(appId='${appId}')`, { headers: { authorization: `Bearer ${token}` } })
    expect(left.status).toBe(200)
    const { tags, passwordCredentials }: { tags: string[]; passwordCredentials: unknown[] } = JSON.parse(left.body)
    expect({ tags, passwordCredentials }).toEqual({ tags: [], passwordCredentials: [] })
  })

  test('is adopted on demand', async () => {
    const here = await staged()
    const token = await tokenOf(here, 'https://graph.microsoft.com/.default')
    const body = json({ displayName: 'KV-App', signInAudience: 'AzureADMyOrg' }, token)
    await raw(here.sandbox, 'POST', 'https://graph.microsoft.com/v1.0/applications', body)
    const adopted = await here.apply({ adopt: ['contoso/keyVaultApp'] })
    expect(actions(adopted.changes).keyVaultApp).toBe('adopt')
    expect(adopted.events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    expect(kinds(await here.plan())).toEqual(['none'])
  })

  test('stay when the deployment is destroyed: a foreign secret keeps the registration', async () => {
    const here = await staged()
    await here.apply()
    const token = await tokenOf(here, 'https://graph.microsoft.com/.default')
    const app = "https://graph.microsoft.com/v1.0/applications(uniqueName='hma-contoso-kv-app')"
    const added = await raw(
      here.sandbox,
      'POST',
      `${app}/addPassword`,
      json({ passwordCredential: { displayName: 'of somebody else' } }, token),
    )
    expect(added.status).toBe(200)
    expect(kinds(await here.plan())).toEqual(['none'])
    await here.apply({ remove: true })
    const left = await raw(here.sandbox, 'GET', app, { headers: { authorization: `Bearer ${token}` } })
    const { passwordCredentials }: { passwordCredentials: { displayName: string }[] } = JSON.parse(left.body)
    expect(passwordCredentials.map(({ displayName }) => displayName)).toEqual(['of somebody else'])
  })
})

test('two deployments in one tenant do not affect each other', async () => {
  const here = await staged()
  await here.apply()
  const other = await here.with({ name: 'fabrikam', dynamics: false })
  const { changes, events } = await other.apply()
  expect(kinds(changes)).toEqual(['create'])
  expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
  await other.apply({ remove: true })
  expect(kinds(await here.plan())).toEqual(['none'])
})

test('safety.preventRemoval holds a destroy back', async () => {
  const here = await staged({ preventRemoval: true })
  await here.apply()
  const changes = await here.plan({ remove: true })
  expect(kinds(changes).sort()).toEqual(['manual', 'none'])
})

test('the eight values lead, by plain HTTP as Dynamics would use it, to a token for HMA-App', async () => {
  const here = await staged({ copy: true })
  await here.apply()
  const values = await here.outputs()
  const of = (name: string): string => values[name] ?? ''
  expect(of('keyVaultClientSecret')).toMatch(/^keyvault:hma-kv-app-client-secret\/[0-9a-f]{32}$/)
  const secret = await revealed(here, of('keyVaultUri'))
  const login = 'https://login.microsoftonline.com'

  const kvTenant = '11111111-1111-1111-1111-111111111111'
  const first = await raw(
    here.sandbox,
    'POST',
    `${login}/${kvTenant}/oauth2/v2.0/token`,
    form({
      ...{
        grant_type: 'client_credentials',
        client_id: of('keyVaultApplicationId'),
        client_secret: secret,
        scope: 'https://vault.azure.net/.default',
      },
    }),
  )
  expect(first.status).toBe(200)
  const vaultToken: string = JSON.parse(first.body).access_token
  const bearer = { headers: { authorization: `Bearer ${vaultToken}` } }
  const seen = await raw(
    here.sandbox,
    'GET',
    `${of('keyVaultUri')}certificates/${of('keyVaultKeyName')}/?api-version=7.4`,
    bearer,
  )
  expect(seen.status).toBe(200)
  const { cer }: { cer: string } = JSON.parse(seen.body)
  const certificate = new X509Certificate(Buffer.from(cer, 'base64'))
  expect(certificate.fingerprint.replaceAll(':', '')).toBe(of('certificateThumbprint'))
  const pfx: string = JSON.parse(
    (await raw(here.sandbox, 'GET', `${of('keyVaultUri')}secrets/${of('keyVaultKeyName')}/?api-version=7.4`, bearer)).body,
  ).value

  const token = await raw(
    here.sandbox,
    'POST',
    `${login}/${of('tenantId')}/oauth2/v2.0/token`,
    form({
      grant_type: 'client_credentials',
      client_id: of('hmaApplicationId'),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(
        of('hmaApplicationId'),
        `${login}/${of('tenantId')}/oauth2/v2.0/token`,
        certificate,
        privateKeyOf(pfx),
        here.sandbox.now(),
      ),
      scope: `${of('resourceId')}/.default`,
    }),
  )
  expect(token.status).toBe(200)
  const claims = JSON.parse(Buffer.from(JSON.parse(token.body).access_token.split('.')[1], 'base64url').toString())
  expect(claims).toMatchObject({ aud: of('resourceId'), appid: of('hmaApplicationId'), roles: ['full_access_as_app'] })

  const profile = await tokenOf(here, 'https://contoso.crm4.dynamics.com/.default', '22222222-2222-2222-2222-222222222222')
  const row = await raw(
    here.sandbox,
    'GET',
    `https://contoso.crm4.dynamics.com/api/data/v9.2/emailserverprofiles(${of('profileId')})?$expand=keyvaultreferenceid,managedidentityid`,
    {
      headers: { authorization: `Bearer ${profile}`, accept: 'application/json' },
    },
  )
  expect(JSON.parse(row.body)).toMatchObject({
    incomingcredentialretrieval: 6,
    outgoingcredentialretrieval: 6,
    incomingserverlocation: of('ewsUrl'),
    aadresourceid: of('resourceId'),
    oauthclientid: of('hmaApplicationId'),
    exchangeonlinetenantid: of('tenantId'),
    keyvaultreferenceid: { keyvaulturi: of('keyVaultUri'), keyname: of('keyVaultKeyName') },
    managedidentityid: { applicationid: of('keyVaultApplicationId') },
  })
})

const json = (body: object, token: string) => ({
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** A token of the principal that may do all, by hand. */
async function tokenOf(
  { sandbox }: OpenDeployment,
  scope: string,
  tenantId = '11111111-1111-1111-1111-111111111111',
): Promise<string> {
  const owner = sandbox.principals.find((one) => one.rights === 'owner' && one.tenantId === tenantId)
  const answer = await raw(
    sandbox,
    'POST',
    `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    form({
      grant_type: 'client_credentials',
      client_id: owner?.clientId ?? '',
      client_secret: owner?.clientSecret ?? '',
      scope,
    }),
  )
  return JSON.parse(answer.body).access_token
}

async function revealed(here: OpenDeployment, vault: string): Promise<string> {
  const token = await tokenOf(here, 'https://vault.azure.net/.default')
  const answer = await raw(here.sandbox, 'GET', `${vault}secrets/hma-kv-app-client-secret/?api-version=7.4`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return JSON.parse(answer.body).value
}

function privateKeyOf(pfx: string): string {
  const p12 = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(forge.util.decode64(pfx)), '')
  const bags = [forge.pki.oids.pkcs8ShroudedKeyBag, forge.pki.oids.keyBag].flatMap((type) =>
    type ? (p12.getBags({ bagType: type })[type] ?? []) : [],
  )
  const key = bags[0]?.key
  if (!key) throw new Error('the PFX holds no key')
  return forge.pki.privateKeyToPem(key)
}

function assertion(clientId: string, audience: string, certificate: X509Certificate, key: string, now: Date): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const seconds = Math.floor(now.getTime() / 1000)
  const x5t = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex').toString('base64url')
  const head = encode({ alg: 'RS256', typ: 'JWT', x5t })
  const body = encode({ aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), nbf: seconds - 60, exp: seconds + 600 })
  const signature = createSign('RSA-SHA256').update(`${head}.${body}`).sign(createPrivateKey(key)).toString('base64url')
  return `${head}.${body}.${signature}`
}

describe('what cannot be read is reported, with what to do', () => {
  test('a vault that does not exist', async () => {
    const here = await staged({ create: false })
    const other = await here.with({ name: 'nowhere', create: false, dynamics: false })
    const failure: unknown = await other.plan().catch((error: unknown) => error)
    const said = failure instanceof SurveyFailed ? failure.failures.map(({ error }) => error) : []
    const texts = said.map((error) => (error instanceof HmaError ? `${error.message} | ${error.hint}` : String(error))).join('\n')
    expect(texts).toContain('Key Vault at kv-nowhere-mail.vault.azure.net cannot be reached (ENOTFOUND)')
    expect(texts).toContain('No vault kv-nowhere-mail can be found')
  })

  test('a registration that does not exist', async () => {
    const here = await staged()
    const other = await here.with({ keyVaultAppId: randomUUID() })
    await expect(other.plan()).rejects.toThrow('There is no app registration with the appId')
  })
})
