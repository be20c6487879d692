import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { type Sandbox, type Start, start } from '../../packages/sandbox/src/sandbox.ts'
import { writeWorld } from '../../packages/sandbox/src/store.ts'
import { listOf } from '../../packages/sandbox/test/support/graph.ts'
import {
  type Answer,
  ask,
  bearer,
  mailTenant,
  principal,
  seed,
  vaultTenant,
} from '../../packages/sandbox/test/support/sandbox.ts'
import { type Workplace, workplace } from '../support/hma.ts'

/**
 * How the rows of the profile are linked. C: the profile points to KV-App's identity. A: its key vault reference does.
 * B: the profile points to an identity of HMA-App, that to the reference, and the reference to KV-App's.
 */
export type Rows = 'A' | 'B' | 'C'

/** What a person did and did not do. */
export interface PortalSetup {
  readonly rows?: Rows
  readonly vault?: 'rbac' | 'accessPolicy'
  readonly profileName?: string
  /** Merged into the row of the profile. */
  readonly profile?: Readonly<Record<string, unknown>>
  readonly consent?: boolean
  /** The certificate is that of another profile. */
  readonly certificateExists?: boolean
  /** Certificate and key as PEM, brought from elsewhere; made in the vault, where there is none. */
  readonly brought?: (now: Date) => Promise<string>
  readonly subject?: string
  /** Days that the secret of KV-App is valid. */
  readonly secretDays?: number
}

export const vaultPath =
  '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail'
export const environment = 'https://contoso.crm4.dynamics.com'
const vaultUrl = 'https://kv-contoso-mail.vault.azure.net'
const graphUrl = 'https://graph.microsoft.com/v1.0'
const managementUrl = 'https://management.azure.com'

/** A sandbox whose world is kept in the folder of a workplace, where `--sandbox` finds it. Close it before hma runs. */
export async function worldIn(directory: string, settings: Start['settings'] = {}): Promise<Sandbox> {
  await mkdir(join(directory, '.hma'), { recursive: true })
  return start({
    seed,
    file: join(directory, '.hma', 'sandbox.json'),
    settings: { replicationLag: 0, propagation: 0, ...settings },
  })
}

export type Act = (method: string, url: string, body?: object) => Promise<Answer['json']>

/** A person with every right in one tenant; a refusal fails the test. */
export function person(sandbox: Sandbox, tenantId: string): Act {
  return async (method, url, body) => {
    const { origin, host } = new URL(url)
    const resource = host.endsWith('.vault.azure.net') ? 'https://vault.azure.net' : origin
    const headers = { authorization: await bearer(sandbox, principal(sandbox, tenantId), resource) }
    const { status, json, text } = await ask(sandbox, url, { method, headers, ...(body && { body }) })
    if (status >= 400) throw new Error(`${method} ${url}: ${status} ${text}`)
    return json
  }
}

export interface Made {
  readonly keyVaultAppId: string
  readonly hmaAppId: string
  readonly keyVaultPrincipal: string
  readonly hmaObject: string
}

/** Microsoft's procedure, step by step, as a person does it in the portals, without any mark of hma. */
export async function procedureByHand(sandbox: Sandbox, hand: PortalSetup = {}): Promise<Made> {
  const [vaultOwner, mailOwner] = [person(sandbox, vaultTenant), person(sandbox, mailTenant)]
  const reader = await registration(vaultOwner, 'KV-App')
  await access(sandbox, vaultOwner, reader.principal, hand)
  const certificate = await certificateInVault(sandbox, vaultOwner, hand)
  const days = (count: number): string => new Date(sandbox.now().getTime() + count * 86_400_000).toISOString()
  const { secretText } = await vaultOwner('POST', `${graphUrl}/applications/${reader.object}/addPassword`, {
    passwordCredential: { displayName: 'Dynamics', endDateTime: days(hand.secretDays ?? 365) },
  })
  const application = await registration(mailOwner, 'HMA-App')
  await mailOwner('PATCH', `${graphUrl}/applications/${application.object}`, {
    keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate, displayName: 'CN=hma.contoso.com' }],
    requiredResourceAccess: [{ resourceAppId: exchangeOnline, resourceAccess: [{ id: fullAccess, type: 'Role' }] }],
  })
  if (hand.consent !== false) await consent(mailOwner, application.principal)
  await profileRows(mailOwner, { reader: reader.appId, application: application.appId, secret: String(secretText) }, hand)
  return {
    keyVaultAppId: reader.appId,
    hmaAppId: application.appId,
    keyVaultPrincipal: reader.principal,
    hmaObject: application.object,
  }
}

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
const fullAccess = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'

export async function registration(act: Act, displayName: string) {
  const application = await act('POST', `${graphUrl}/applications`, { displayName, signInAudience: 'AzureADMyOrg' })
  const principal = await act('POST', `${graphUrl}/servicePrincipals`, { appId: application.appId })
  return { appId: String(application.appId), object: String(application.id), principal: String(principal.id) }
}

async function consent(act: Act, principalId: string): Promise<void> {
  const exchange = await act('GET', `${graphUrl}/servicePrincipals(appId='${exchangeOnline}')`)
  const grant = { principalId, resourceId: exchange.id, appRoleId: fullAccess }
  await act('POST', `${graphUrl}/servicePrincipals/${principalId}/appRoleAssignments`, grant)
}

const roles = ['4633458b-17de-408a-b874-0445c86b69e6', 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba']

async function access(sandbox: Sandbox, act: Act, principalId: string, { vault = 'rbac' }: PortalSetup): Promise<void> {
  if (vault === 'rbac') {
    for (const role of roles) await assign(act, principalId, role)
    return
  }
  const everything = { secrets: ['all'], certificates: ['all'], keys: [] }
  const me = sandbox.principals.find(({ tenantId, rights }) => tenantId === vaultTenant && rights === 'owner')
  const owner = await act('GET', `${graphUrl}/servicePrincipals(appId='${me?.clientId}')`)
  const entry = (objectId: unknown, permissions: object) => ({ tenantId: vaultTenant, objectId, permissions })
  await act('PATCH', `${managementUrl}${vaultPath}?api-version=2024-11-01`, {
    properties: {
      enableRbacAuthorization: false,
      accessPolicies: [entry(owner.id, everything), entry(principalId, { secrets: ['get'], certificates: ['get'], keys: [] })],
    },
  })
}

export const assign = (act: Act, principalId: string, role: string): Promise<unknown> =>
  act(
    'PUT',
    `${managementUrl}${vaultPath}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`,
    {
      properties: {
        roleDefinitionId: `/subscriptions/33333333-3333-3333-3333-333333333333/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId,
        principalType: 'ServicePrincipal',
      },
    },
  )

/** As the portal offers it: 12 months, RSA of 2048 bits, renewed by the vault. Base64 of the DER. */
async function certificateInVault(sandbox: Sandbox, act: Act, hand: PortalSetup): Promise<string> {
  const at = `${vaultUrl}/certificates/HMA-Cert`
  if (hand.certificateExists) return String((await act('GET', `${at}?api-version=7.4`)).cer)
  if (hand.brought) {
    const policy = { secret_props: { contentType: 'application/x-pem-file' } }
    const { cer } = await act('POST', `${at}/import?api-version=7.4`, { value: await hand.brought(sandbox.now()), policy })
    return String(cer)
  }
  await act('POST', `${at}/create?api-version=7.4`, {
    policy: {
      issuer: { name: 'Self' },
      x509_props: { subject: hand.subject ?? 'CN=hma.contoso.com', validity_months: 12 },
      key_props: { kty: 'RSA', key_size: 2048, exportable: true, reuse_key: false },
      secret_props: { contentType: 'application/x-pkcs12' },
      lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }],
    },
  })
  sandbox.advance(5000)
  await act('GET', `${at}/pending?api-version=7.4`)
  const { cer } = await act('GET', `${at}?api-version=7.4`)
  return String(cer)
}

/** The three rows, with everything that the form asks for. */
async function profileRows(
  act: Act,
  { reader, application, secret }: { reader: string; application: string; secret: string },
  { rows = 'C', profileName = 'Exchange on-premises', profile = {} }: PortalSetup,
): Promise<void> {
  const [profileId, referenceId, readerId, applicationId] = Array.from({ length: 4 }, () => randomUUID())
  const put = (set: string, id: string | undefined, body: object) =>
    act('PATCH', `${environment}/api/data/v9.2/${set}(${id})`, body)
  const onReader = { 'managedidentityid@odata.bind': `/managedidentities(${readerId})` }
  const onReference = { 'keyvaultreferenceid@odata.bind': `/keyvaultreferences(${referenceId})` }
  await put('managedidentities', readerId, {
    ...{ name: 'KV-App', applicationid: reader, tenantid: vaultTenant, credentialsource: 0, clientsecret: secret },
  })
  await put('keyvaultreferences', referenceId, {
    ...{ keyvaulturi: `${vaultUrl}/`, keyname: 'HMA-Cert', keytype: 1, preauthorizedapplicationtype: 1 },
    ...(rows !== 'C' && onReader),
  })
  if (rows === 'B')
    await put('managedidentities', applicationId, {
      ...{ name: 'HMA-App', applicationid: application, tenantid: mailTenant, credentialsource: 1 },
      ...onReference,
    })
  await put('emailserverprofiles', profileId, {
    ...{ name: profileName, servertype: 2, incomingcredentialretrieval: 6, outgoingcredentialretrieval: 6 },
    ...{ incomingserverlocation: ewsUrl, outgoingserverlocation: ewsUrl, incomingportnumber: 443, outgoingportnumber: 443 },
    ...{ useautodiscover: false, aadresourceid: 'https://mail.contoso.com' },
    ...{ usedefaulttenantid: false, exchangeonlinetenantid: mailTenant },
    ...(rows === 'B'
      ? { 'managedidentityid@odata.bind': `/managedidentities(${applicationId})` }
      : { ...onReference, oauthclientid: application, ...(rows === 'C' && onReader) }),
    ...profile,
  })
  const found = await act('GET', `${environment}/api/data/v9.2/mailboxes?$filter=emailaddress%20eq%20'sales@contoso.com'`)
  const [mailbox] = listOf(found.value)
  await put('mailboxes', String(mailbox?.mailboxid), { 'emailserverprofile@odata.bind': `/emailserverprofiles(${profileId})` })
}

const ewsUrl = 'https://mail.contoso.com/EWS/Exchange.asmx'

/** A folder with a world set up in the portals, plus `more`, and nothing else. */
export async function portalMade(
  hand: PortalSetup = {},
  more?: (sandbox: Sandbox, made: Made) => Promise<void> | void,
): Promise<Workplace> {
  const here = await workplace('')
  await rm(join(here.directory, 'hma.config.yaml'))
  const { world, made } = await once(hand)
  writeWorld(join(here.directory, '.hma', 'sandbox.json'), world)
  if (!more) return here
  const sandbox = await worldIn(here.directory)
  try {
    await more(sandbox, made)
  } finally {
    await sandbox.close()
  }
  return here
}

interface Played {
  readonly world: World
  readonly made: Made
}

const worlds = new Map<string, Promise<Played>>()

/** One world for all tests with the same portal setup. */
function once({ brought, ...hand }: PortalSetup): Promise<Played> {
  if (brought) return played({ ...hand, brought })
  const key = JSON.stringify(hand)
  const found = worlds.get(key) ?? played(hand)
  worlds.set(key, found)
  return found
}

async function played(hand: PortalSetup): Promise<Played> {
  const sandbox = await start({ seed, settings: { replicationLag: 0, propagation: 0 } })
  try {
    return { made: await procedureByHand(sandbox, hand), world: sandbox.world }
  } finally {
    await sandbox.close()
  }
}
