import { createHash } from 'node:crypto'
import type { World } from '../src/azure.ts'
import type { OrganizationState, Row } from '../src/dataverse/state.ts'
import type { Application, KeyCredential, ServicePrincipal, Tenant } from '../src/directory/state.ts'
import { type CertificateVersion, emptyVault } from '../src/keyVault/state.ts'
import { deployment, exchangeTenant, type FixedAzure, sha256, start, vaultTenant } from './fixedAzure.ts'
import { plainPrincipal, plainTenant } from './support/plain.ts'

export const keyVaultApp = 'cccccccc-0000-4000-8000-000000000001'
export const hmaApp = 'dddddddd-0000-4000-8000-000000000001'
export const ids = {
  profile: 'eeeeeeee-0000-4000-8000-000000000001',
  reference: 'eeeeeeee-0000-4000-8000-000000000002',
  identity: 'eeeeeeee-0000-4000-8000-000000000003',
} as const

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
const day = 86_400_000
const at = (days: number): string => new Date(start + days * day).toISOString()

const directoryObject = (appId: string, last: string): ServicePrincipal =>
  plainPrincipal({ id: `${appId.slice(0, -1)}${last}`, appId, createdDateTime: at(0), appOwnerOrganizationId: vaultTenant })

const application = (appId: string): Application => ({
  ...directoryObject(appId, '2'),
  uniqueName: null,
  requiredResourceAccess: [],
})

const tenant = (id: string, applications: readonly Application[], principals: readonly ServicePrincipal[]): Tenant => ({
  ...plainTenant({ id, displayName: id, createdDateTime: at(0) }, principals),
  applications: Object.fromEntries(applications.map((each) => [each.id, each])),
})

const der = (label: string): string => Buffer.from(label).toString('base64')
const thumbprint = (label: string): string => createHash('sha1').update(label).digest('hex').toUpperCase()

/** A credential for the certificate of that label, valid for so many days. */
export const keyCredential = (label: string, days: number): KeyCredential => ({
  keyId: label,
  displayName: null,
  startDateTime: at(0),
  endDateTime: at(days),
  key: der(label),
  customKeyIdentifier: thumbprint(label),
  thumbprint: thumbprint(label),
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
})

export const certificateVersion = (label: string): CertificateVersion => ({
  version: label,
  attributes: {
    enabled: true,
    nbf: start / 1000,
    exp: start / 1000 + 365 * 86_400,
    created: start / 1000,
    updated: start / 1000,
  },
  chain: [der(label)],
  privateKey: '',
  secretValue: '',
  contentType: 'application/x-pkcs12',
  exportable: true,
})

/** Applications, consent, vault and certificate of a working setup; the secret is `secret-1`. */
export function makeWhole(azure: FixedAzure): void {
  const { world } = azure
  const keyVault = application(keyVaultApp)
  keyVault.passwordCredentials.push({
    keyId: 'one',
    displayName: null,
    startDateTime: at(0),
    endDateTime: at(180),
    hint: 'sec',
    sha256: sha256('secret-1'),
  })
  const hma = application(hmaApp)
  hma.keyCredentials.push(keyCredential('certificate-1', 365))
  const [hmaPrincipal, exchangePrincipal] = [directoryObject(hmaApp, '3'), directoryObject(exchangeOnline, '3')]
  const hybrid = tenant(exchangeTenant, [hma], [hmaPrincipal, exchangePrincipal])
  hybrid.appRoleAssignments.consent = {
    id: 'consent',
    appRoleId: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40',
    createdDateTime: at(0),
    principalId: hmaPrincipal.id,
    resourceId: exchangePrincipal.id,
  }
  const reader = directoryObject(keyVaultApp, '3')
  world.directory.tenants = { [vaultTenant]: tenant(vaultTenant, [keyVault], [reader]), [exchangeTenant]: hybrid }
  addVault(world, reader.id)
}

function addVault(world: World, reader: string): void {
  const { subscriptionId, resourceGroup, name } = deployment.vault
  const permissions = { keys: [], secrets: ['get'], certificates: ['Get'], storage: [] }
  const accessPolicies = [{ tenantId: vaultTenant, objectId: reader, permissions }]
  world.resources.vaults.push({
    subscriptionId,
    resourceGroup,
    name,
    location: 'westeurope',
    tags: {},
    createdAt: at(0),
    createdBy: 'test',
    modifiedAt: at(0),
    modifiedBy: 'test',
    properties: {
      tenantId: vaultTenant,
      sku: { family: 'A', name: 'standard' },
      accessPolicies,
      enableRbacAuthorization: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: 'Enabled',
      provisioningStarted: at(0),
    },
    guards: [{ at: at(0), rbac: false, accessPolicies }],
  })
  world.vaults[name] = {
    ...emptyVault(),
    certificates: {
      'hma-cert': {
        name: 'HMA-Cert',
        policy: {
          key_props: { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false },
          secret_props: { contentType: 'application/x-pkcs12' },
          x509_props: {
            subject: 'CN=hma',
            ekus: [],
            key_usage: [],
            validity_months: 12,
            basic_constraints: { ca: false },
          },
          lifetime_actions: [],
          issuer: { name: 'Self' },
          attributes: { enabled: true, created: start / 1000, updated: start / 1000 },
        },
        versions: [certificateVersion('certificate-1')],
      },
    },
  }
}

/** The only organisation of the world. */
export function onlyOrganization(azure: FixedAzure): OrganizationState {
  const [organization] = azure.world.dataverse.organizations
  if (organization === undefined) throw new Error('There is no organisation.')
  return organization
}

export function only<T>(values: readonly T[] | Readonly<Record<string, T>>): T {
  const [first, ...more] = Object.values(values)
  if (first === undefined || more.length > 0) throw new Error(`Not exactly one: ${Object.keys(values).length}`)
  return first
}

export const applicationOf = (azure: FixedAzure, tenantId: string): Application =>
  only(azure.world.directory.tenants[tenantId]?.applications ?? {})

export function mailboxOf(azure: FixedAzure, address: string): Row {
  return only(Object.values(onlyOrganization(azure).tables.mailbox).filter(({ cells }) => cells.emailaddress === address))
}
