import type { Clients } from '../../src/azure/clients.ts'
import { Secret } from '../../src/core/secret.ts'
import { tenant, vault } from '../azure/world.ts'
import { fields, items, readSpec, text } from './specs.ts'

/** How hma requests what an example answers, and what it must read from it. */
export interface Reader {
  ask(clients: Clients): Promise<unknown>
  /** Fields of what comes back, from the example's body. Without it, that it comes back is enough. */
  read?(body: unknown): unknown
}

type Json = Readonly<Record<string, unknown>>

const name = 'HMA-Cert'
const id = { subscriptionId: '33333333-3333-3333-3333-333333333333', resourceGroup: 'rg-mail', name: 'kv-contoso' }
const policy = { issuer: 'Self', subject: 'CN=hma.contoso.com', keySize: 2048, validityMonths: 12 }
const settings = {
  ...{ tenantId: tenant, location: 'westeurope', sku: 'standard', authorization: 'rbac' as const },
  ...{ softDeleteRetentionDays: 90, purgeProtection: true, tags: {} },
}
const access = { tenantId: tenant, objectId: tenant, secrets: ['get'], certificates: ['get'], keys: [], storage: [] }
const assignment = {
  description: '',
  name: '05c5a614-a7d6-4502-b150-c2fb455033ff',
  roleId: '4633458b-17de-408a-b874-0445c86b69e6',
  principalId: tenant,
}

const hex = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('hex').toUpperCase()
const seconds = (value: unknown): string => new Date(Number(value) * 1000).toISOString()

/** A certificate as hma has it, from one as the vault has it. */
export function certificateRead(body: unknown): Json {
  const { id: url, x5t, cer, attributes, policy: held } = fields(body)
  const { nbf, exp, enabled } = fields(attributes)
  const { issuer, x509_props } = fields(held)
  return {
    ...{ version: text(url).split('/').at(-1), thumbprint: hex(text(x5t)), certificate: text(cer), enabled },
    ...{ notBefore: seconds(nbf), expires: seconds(exp) },
    policy: { issuer: fields(issuer).name, subject: fields(x509_props).subject },
  }
}

const operationRead = (body: unknown): Json => ({
  status: fields(body).status,
  csr: fields(body).csr,
  issuer: fields(fields(body).issuer).name,
})

function vaultRead(body: unknown): Json {
  const { id: path, location, properties } = fields(body)
  const { tenantId, sku, vaultUri, provisioningState, accessPolicies } = fields(properties)
  return {
    ...{ id: path, location, tenantId, provisioningState, sku: fields(sku).name, uri: text(vaultUri).replace(/\/$/, '') },
    accessPolicies: items(accessPolicies).map((one) => ({ objectId: fields(one).objectId, ...fields(fields(one).permissions) })),
  }
}

/** By the operations of the descriptions. */
export const readers: Readonly<Record<string, Reader>> = {
  GetCertificate: { ask: ({ keyVault }) => keyVault.certificate(vault, name), read: certificateRead },
  GetCertificateOperation: { ask: ({ keyVault }) => keyVault.operation(vault, name), read: operationRead },
  CreateCertificate: { ask: ({ keyVault }) => keyVault.createCertificate(vault, name, policy, {}) },
  MergeCertificate: { ask: ({ keyVault }) => keyVault.mergeCertificate(vault, name, ['AAAA'], {}) },
  ImportCertificate: {
    ask: ({ keyVault }) => keyVault.importCertificate(vault, name, { pfx: new Secret('AAAA'), keySize: 2048 }, {}),
  },
  DeleteCertificateOperation: { ask: ({ keyVault }) => keyVault.deleteOperation(vault, name) },
  UpdateCertificate: { ask: ({ keyVault }) => keyVault.tagCertificate(vault, name, {}) },
  UpdateCertificatePolicy: { ask: ({ keyVault }) => keyVault.stopRenewal(vault, name) },
  GetCertificateVersions: {
    ask: ({ keyVault }) => keyVault.certificateTags(vault, name),
    read: (body) => items(fields(body).value).map((one) => fields(one).tags ?? {}),
  },
  GetDeletedCertificate: {
    ask: ({ keyVault }) => keyVault.deletedCertificate(vault, name),
    read: (body) => ({ name, tags: fields(body).tags ?? {} }),
  },
  DeleteCertificate: { ask: ({ keyVault }) => keyVault.deleteCertificate(vault, name) },
  RecoverDeletedCertificate: { ask: ({ keyVault }) => keyVault.recoverCertificate(vault, name) },
  DeleteSecret: { ask: ({ keyVault }) => keyVault.deleteSecret(vault, name) },
  SetSecret: {
    ask: ({ keyVault }) =>
      keyVault.setSecret(vault, name, new Secret('hush'), {
        tags: {},
        expires: '2030-01-01T00:00:00Z',
        contentType: 'text/plain',
      }),
  },
  GetSecret: {
    ask: async ({ keyVault }) => ({ value: (await keyVault.secretValue(vault, name))?.reveal() }),
    read: (body) => ({ value: fields(body).value }),
  },
  GetSecretVersions: {
    ask: ({ keyVault }) => keyVault.secret(vault, name),
    read: (body) => ({
      version: text(fields(items(fields(body).value)[0]).id)
        .split('/')
        .at(-1),
      enabled: true,
    }),
  },
  GetDeletedSecret: {
    ask: ({ keyVault }) => keyVault.deletedSecret(vault, name),
    read: (body) => ({ tags: fields(body).tags ?? {} }),
  },
  Vaults_Get: { ask: ({ resourceManager }) => resourceManager.vault(tenant, id), read: vaultRead },
  Vaults_CreateOrUpdate: { ask: ({ resourceManager }) => resourceManager.createVault(tenant, id, settings) },
  Vaults_Update: { ask: ({ resourceManager }) => resourceManager.updateVault(tenant, id, { tags: { a: 'b' } }) },
  Vaults_Delete: { ask: ({ resourceManager }) => resourceManager.deleteVault(tenant, id) },
  Vaults_GetDeleted: {
    ask: ({ resourceManager }) => resourceManager.deletedVault(tenant, id, 'westus'),
    read: (body) => ({ tags: fields(fields(body).properties).tags }),
  },
  Vaults_UpdateAccessPolicy: { ask: ({ resourceManager }) => resourceManager.setAccessPolicy(tenant, id, access) },
  RoleAssignments_Create: { ask: ({ resourceManager }) => resourceManager.assignRole(tenant, id, assignment) },
  RoleAssignments_Delete: { ask: ({ resourceManager }) => resourceManager.removeRoleAssignment(tenant, id, assignment.name) },
  RoleAssignments_ListForScope: {
    // The subscription of the example: an assignment there counts for every vault below.
    ask: ({ resourceManager }) =>
      resourceManager.roleAssignments(tenant, { ...id, subscriptionId: 'a925f2f7-5c63-4b7b-8799-25a5f97bc3b2' }, tenant),
    read: (body) =>
      items(fields(body).value).map((one) => ({ name: fields(one).name, scope: fields(fields(one).properties).scope })),
  },
}

const objectId = '8c582081-fcfe-4094-b17b-cbf9598c8152'

const passwordsRead = (value: unknown): readonly Json[] =>
  items(value).map((one) => {
    const { keyId, displayName, endDateTime } = fields(one)
    return { keyId, displayName, end: new Date(text(endDateTime)).toISOString() }
  })

function applicationRead(body: unknown): Json {
  const { id: object, appId, displayName, tags, passwordCredentials } = fields(body)
  return {
    objectId: object,
    appId,
    displayName,
    tags,
    uniqueName: undefined,
    passwordCredentials: passwordsRead(passwordCredentials),
  }
}

const listRead = (body: unknown): readonly Json[] => items(fields(body).value).map(applicationRead)

/** By the names of the recorded exchanges with Graph. */
export const graphReaders: Readonly<Record<string, Reader>> = {
  'list applications, empty': { ask: ({ directory }) => directory.applicationsNamed(tenant, 'azure-cli-test'), read: () => [] },
  'create application': {
    ask: ({ directory }) => directory.createApplication(tenant, { uniqueName: 'hma-contoso', displayName: 'KV-App', tags: [] }),
  },
  addPassword: {
    ask: ({ directory }) =>
      directory.addPassword(tenant, objectId, {
        displayName: 'rbac',
        start: '2026-01-01T00:00:00Z',
        end: '2027-01-01T00:00:00Z',
      }),
    read: (body) => ({ keyId: fields(body).keyId }),
  },
  'create servicePrincipal': { ask: ({ directory }) => directory.createServicePrincipal(tenant, objectId) },
  'list applications by appId (1 s after addPassword)': {
    ask: ({ directory }) => directory.applicationsNamed(tenant, 'azure-cli-test-000001'),
    read: listRead,
  },
  'get application by id': { ask: ({ directory }) => directory.application(tenant, { appId: objectId }), read: applicationRead },
  'keyCredentials after PATCH': { ask: ({ directory }) => directory.setKeys(tenant, objectId, { kept: [] }) },
  removePassword: { ask: ({ directory }) => directory.removePassword(tenant, objectId, objectId) },
  'grant app role': {
    ask: ({ directory }) => directory.grantAppRole(tenant, { principalId: tenant, resourceId: tenant, appRoleId: objectId }),
  },
}

/** A recorded refusal, and the call that meets it. */
export interface Refused {
  readonly name: string
  readonly service: 'graph' | 'keyVault' | 'resourceManager' | 'login'
  readonly status: number
  readonly body: unknown
}

const fileOf = { graph: 'graph/examples.json', keyVault: 'keyvault/recorded/error-catalogue.json' } as const

/** Every refusal of the catalogues. */
export function refusals(): readonly Refused[] {
  const [graph, vaults] = [readSpec(fileOf.graph), readSpec(fileOf.keyVault)]
  const all: readonly (readonly [Refused['service'], unknown])[] = [
    ['graph', graph.errors],
    ['login', graph.tokenErrors],
    ['keyVault', vaults.dataPlane],
    ['resourceManager', vaults.arm],
  ]
  return all.flatMap(([service, list]) =>
    items(list).map((one) => {
      const { name: title, status, body } = fields(one)
      const { code, innererror } = fields(fields(body).error)
      return {
        service,
        status: Number(status),
        body,
        name: text(title) || `${text(code)} ${text(fields(innererror).code)}`.trim(),
      }
    }),
  )
}

/** The codes in a refusal, and its message without what may change. */
export function saysOf({ service, body }: Refused): { readonly codes: readonly string[]; readonly message: string } {
  if (service === 'login') {
    const codes = items(fields(body).error_codes).map((code) => `AADSTS${String(code)}`)
    return { codes, message: text(fields(body).error_description) }
  }
  const { code, message, innererror } = fields(fields(body).error)
  return { codes: [code, fields(innererror).code].map(text).filter((one) => one !== ''), message: text(message) }
}

/** A call of each service, which passes on whatever it is refused with. */
export const reads: Readonly<Record<Refused['service'], Reader['ask']>> = {
  graph: ({ directory }) => directory.updateApplication(tenant, objectId, { displayName: 'KV-App' }),
  keyVault: ({ keyVault }) => keyVault.contents(vault),
  resourceManager: ({ resourceManager }) => resourceManager.createVault(tenant, id, settings),
  login: ({ directory }) => directory.appRoleAssignments(tenant, objectId),
}
