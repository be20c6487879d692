import type { World } from '../../packages/sandbox/src/azure.ts'
import type { ExchangeServer } from '../../packages/sandbox/src/exchange/state.ts'
import { openDeployment, type Variant } from '../support/deployment.ts'

export const variant: Variant = { copy: true, create: 'rbac' }

/** The world after an apply, with everything working. */
export async function appliedWorld(): Promise<World> {
  const it = await openDeployment(variant)
  await it.apply()
  const world = structuredClone(it.sandbox.world)
  await it.close()
  return world
}

/** One way to break the chain, the check that must find it, and the advice for the user. */
export interface Breakage {
  readonly name: string
  readonly check: string
  readonly detail: RegExp
  readonly hint: RegExp
  readonly status?: 'failed' | 'warning'
  readonly after?: string
  /** Other checks that necessarily fail with it. */
  readonly also?: readonly string[]
  break?(world: World): void
  /** What repairs it, if hma can. The plan then shows it too, unless it takes a rotation. */
  readonly mendedBy?: 'apply' | 'rotate certificate' | 'rotate clientSecret'
  /** Changes the configuration, if that is where the mistake is. */
  readonly configuration?: (text: string) => string
}

const server = (world: World): ExchangeServer => first(world.exchange.servers)

function first<Item>(items: readonly Item[]): Item {
  const [item] = items
  if (item === undefined) throw new Error('there is none')
  return item
}

/** A registration and its service principal, by what hma calls it. */
function registration(world: World, role: 'kv-app' | 'hma-app') {
  for (const tenant of Object.values(world.directory.tenants)) {
    const application = Object.values(tenant.applications).find(({ uniqueName }) => uniqueName === `hma-contoso-${role}`)
    const principal = Object.values(tenant.servicePrincipals).find(({ appId }) => appId === application?.appId)
    if (application && principal) return { tenant, application, principal }
  }
  throw new Error(`there is no ${role}`)
}

const vault = (world: World) => first(Object.values(world.vaults))
const current = (world: World) => {
  const versions = vault(world).certificates['hma-cert']?.versions ?? []
  const last = versions.at(-1)
  if (!last) throw new Error('there is no certificate')
  return last
}

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security */
const roles = {
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  certificateUser: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
  reader: '21090545-7ca7-4776-b22c-e363652d74d2',
}

/** What KV-App may do. */
const grants = (world: World) =>
  world.resources.roleAssignments.filter(({ principalId }) => principalId === registration(world, 'kv-app').principal.id)

function revoke(world: World, role: string): void {
  const all = world.resources.roleAssignments
  const found = grants(world).find(({ roleId }) => roleId === role)
  if (!found) throw new Error('there is no such assignment')
  all.splice(all.indexOf(found), 1)
}

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString()

const rows = (world: World, table: 'emailserverprofile' | 'managedidentity') =>
  Object.values(world.dataverse.organizations[0]?.tables[table] ?? {})

export const on = (change: Partial<ExchangeServer>) => (world: World) => void Object.assign(server(world), change)

export const breakages: readonly Breakage[] = [
  {
    name: 'the name of the Exchange server is known nowhere',
    check: 'tls',
    detail: /mail\.contoso\.com cannot be reached \(ENOTFOUND\)/,
    hint: /DNS|name/i,
    break: on({ unresolved: true }),
  },
  ...(
    [
      ['untrusted', 'the certificate of Exchange is by nobody whom Dynamics trusts', 'failed', /public/i],
      ['expired', 'the certificate of Exchange has expired', 'failed', /renew/i],
      ['wrongName', 'the certificate of Exchange is for another name', 'failed', /name/i],
      ['refused', 'something cuts the connection', 'failed', /firewall|TLS/i],
      ['expiring', 'the certificate of Exchange is about to expire', 'warning', /Renew/],
    ] as const
  ).map(([tls, name, status, hint]) => ({ name, check: 'tls', status, detail: /mail\.contoso\.com/, hint, break: on({ tls }) })),
  {
    name: 'OAuth is off on the virtual directory',
    check: 'challenge',
    detail: /offers Basic and no Bearer/,
    hint: /Set-WebServicesVirtualDirectory -OAuthAuthentication \$true/,
    break: on({ oauthEnabled: false }),
  },
  {
    name: 'Hybrid Modern Authentication is not switched on',
    check: 'challenge',
    detail: /names no authorization_uri/,
    hint: /IsDefaultAuthorizationEndpoint \$true/,
    break: on({ hmaEnabled: false }),
  },
  {
    name: 'the default authorization server is another one',
    check: 'challenge',
    detail: /adfs\.contoso\.com/,
    hint: /Get-AuthServer/,
    break: on({ authorizationUri: 'https://adfs.contoso.com/adfs/oauth2/authorize' }),
  },
  {
    name: 'Exchange is hybrid with another tenant',
    check: 'challenge',
    detail: /trusts 99999999-9999-9999-9999-999999999999/,
    hint: /hmaApp\.tenantId/,
    break: on({ trustedTenantId: '99999999-9999-9999-9999-999999999999' }),
  },
  {
    name: 'a proxy in front redirects to its form',
    check: 'challenge',
    detail: /requires its own sign-in \(302/,
    hint: /without pre-authentication/,
    break: on({ preAuthentication: 'redirect' }),
  },
  {
    name: 'a proxy in front says that its session has ended',
    check: 'challenge',
    detail: /\(440\)/,
    hint: /without pre-authentication/,
    break: on({ preAuthentication: 'loginTimeout' }),
  },
  {
    name: 'the path of EWS is wrong',
    check: 'challenge',
    detail: /has no \/EWS\/Exchange\.asmy \(404\)/,
    hint: /exchange\.ewsUrl/,
    also: ['profile'],
    configuration: (text) => text.replace('Exchange.asmx', 'Exchange.asmy'),
  },
  {
    name: "someone removed KV-App's secret that Dynamics holds",
    check: 'keyVaultSignIn',
    detail: /no longer has/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break: (world) => void registration(world, 'kv-app').application.passwordCredentials.splice(0),
  },
  {
    name: 'the secret that Dynamics holds has expired',
    check: 'keyVaultSignIn',
    detail: /expired on 2/,
    hint: /schedule/,
    mendedBy: 'apply',
    after: '200d',
  },
  {
    name: 'the secret that Dynamics holds has not begun: a machine with a wrong clock made it',
    check: 'keyVaultSignIn',
    detail: /is valid from .* only/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      for (const one of registration(world, 'kv-app').application.passwordCredentials) one.startDateTime = tomorrow()
    },
  },
  {
    name: "somebody overwrote the vault's copy of the secret",
    check: 'keyVaultSignIn',
    detail: /AADSTS7000215/,
    hint: /hma rotate clientSecret/,
    mendedBy: 'rotate clientSecret',
    break(world) {
      const versions = vault(world).secrets['hma-kv-app-client-secret']?.versions ?? []
      for (const version of versions) version.value = 'of somebody else'
    },
  },
  {
    name: 'KV-App is disabled',
    check: 'keyVaultSignIn',
    detail: /AADSTS7000112/,
    hint: /hma apply.*enables/,
    mendedBy: 'apply',
    break: (world) => void (registration(world, 'kv-app').principal.accountEnabled = false),
  },
  {
    name: 'the registration KV-App was deleted',
    check: 'keyVaultSignIn',
    detail: /KV-App does not exist/,
    hint: /hma plan/,
    mendedBy: 'apply',
    break(world) {
      const { tenant, application, principal } = registration(world, 'kv-app')
      delete tenant.applications[application.id]
      delete tenant.servicePrincipals[principal.id]
    },
  },
  {
    name: 'KV-App may not get secrets',
    check: 'vaultRead',
    detail: /does not let KV-App get secrets \(ForbiddenByRbac\)/,
    hint: /Key Vault Secrets User/,
    mendedBy: 'apply',
    break(world) {
      revoke(world, roles.secretsUser)
      // Someone assigned it another role instead of the one that hma assigned.
      for (const one of grants(world))
        if (one.roleId === roles.certificateUser) Object.assign(one, { roleId: roles.reader, name: roles.reader })
    },
  },
  {
    name: 'KV-App may not get certificates',
    check: 'vaultRead',
    detail: /does not let KV-App get certificates/,
    hint: /Key Vault Certificate User/,
    mendedBy: 'apply',
    break: (world) => revoke(world, roles.certificateUser),
  },
  {
    name: 'someone removed the certificate from HMA-App',
    check: 'certificate',
    detail: /does not trust the current certificate in the vault/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break: (world) => void registration(world, 'hma-app').application.keyCredentials.splice(0),
  },
  {
    name: 'the trust of HMA-App in the certificate has not begun: a machine with a wrong clock added it',
    check: 'certificate',
    detail: /does not trust the current certificate in the vault/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      for (const one of registration(world, 'hma-app').application.keyCredentials) one.startDateTime = tomorrow()
    },
  },
  {
    name: 'the entry of the certificate on HMA-App is of a usage that does not sign in',
    check: 'certificate',
    detail: /does not trust the current certificate in the vault/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      for (const one of registration(world, 'hma-app').application.keyCredentials) one.usage = 'Encrypt'
    },
  },
  {
    name: 'the current version of the certificate is disabled',
    check: 'vaultRead',
    detail: /SecretDisabled|disabled/i,
    hint: /hma apply.*enable/,
    mendedBy: 'apply',
    also: ['certificate'],
    break: (world) => void (current(world).attributes.enabled = false),
  },
  {
    name: 'the private key cannot be exported',
    check: 'certificate',
    detail: /holds no private key/,
    hint: /exportable/,
    mendedBy: 'rotate certificate',
    break(world) {
      const version = current(world)
      const body = first(version.chain)
        .match(/.{1,64}/g)
        ?.join('\n')
      version.contentType = 'application/x-pem-file'
      version.secretValue = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`
    },
  },
  {
    name: 'the policy of the certificate says that its key may not be exported',
    check: 'certificate',
    detail: /holds no private key/,
    hint: /hma rotate certificate/,
    mendedBy: 'apply',
    break(world) {
      const version = current(world)
      const body = first(version.chain)
        .match(/.{1,64}/g)
        ?.join('\n')
      version.contentType = 'application/x-pem-file'
      version.secretValue = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`
      const certificate = vault(world).certificates['hma-cert']
      if (certificate) certificate.policy.key_props.exportable = false
    },
  },
  {
    name: "somebody disabled the vault's copy of the secret",
    check: 'keyVaultSignIn',
    detail: /hma-kv-app-client-secret is disabled/,
    hint: /hma apply.*enable it/,
    mendedBy: 'apply',
    break(world) {
      for (const version of vault(world).secrets['hma-kv-app-client-secret']?.versions ?? []) version.attributes.enabled = false
    },
  },
  {
    name: 'someone deactivated the profile in Dynamics',
    check: 'profile',
    detail: /does not synchronize through a deactivated profile/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      for (const row of rows(world, 'emailserverprofile')) Object.assign(row.cells, { statecode: 1, statuscode: 2 })
    },
  },
  {
    name: 'Dynamics signs in as another application than KV-App',
    check: 'keyVaultSignIn',
    detail: /signs in as 99999999-9999-9999-9999-999999999999/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      for (const row of rows(world, 'managedidentity')) row.cells.applicationid = '99999999-9999-9999-9999-999999999999'
    },
  },
  {
    name: 'Exchange Online does not offer full_access_as_app any more',
    check: 'hmaSignIn',
    detail: /lacks the role full_access_as_app/,
    hint: /hma plan/,
    break(world) {
      const { tenant } = registration(world, 'hma-app')
      for (const { appRoles } of Object.values(tenant.servicePrincipals))
        for (const role of appRoles) if (role.value === 'full_access_as_app') role.isEnabled = false
    },
  },
  {
    name: 'nobody consented',
    check: 'hmaSignIn',
    detail: /lacks the role full_access_as_app/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      const { tenant, principal } = registration(world, 'hma-app')
      for (const [id, one] of Object.entries(tenant.appRoleAssignments))
        if (one.principalId === principal.id) delete tenant.appRoleAssignments[id]
    },
  },
  {
    name: 'HMA-App is disabled',
    check: 'hmaSignIn',
    detail: /AADSTS7000112/,
    hint: /hma apply.*enables/,
    mendedBy: 'apply',
    break: (world) => void (registration(world, 'hma-app').principal.accountEnabled = false),
  },
  {
    name: 'Entra does not know the address of Exchange',
    check: 'servicePrincipalName',
    detail: /does not list https:\/\/mail\.contoso\.com/,
    hint: /Update-MgServicePrincipal/,
    also: ['hmaSignIn'],
    break(world) {
      const { tenant } = registration(world, 'hma-app')
      for (const principal of Object.values(tenant.servicePrincipals))
        principal.servicePrincipalNames = principal.servicePrincipalNames.filter((name) => !name.includes('mail.contoso.com'))
    },
  },
  {
    name: 'a device in front ends TLS',
    check: 'inbox',
    detail: /hostname component of the audience/,
    hint: /SSL offloading is not supported/,
    break: on({ sslOffload: true }),
  },
  {
    name: 'EWS is switched off',
    check: 'inbox',
    detail: /denies access to Exchange Web Services \(403\)/,
    hint: /EwsApplicationAccessPolicy/,
    break: on({ ewsEnabled: false }),
  },
  {
    name: 'a management scope leaves the test mailbox out',
    check: 'inbox',
    detail: /ErrorImpersonateUserDenied/,
    hint: /mailboxScope/,
    break: on({ outOfScope: ['svc-d365@contoso.com'] }),
  },
  {
    name: 'the test mailbox is in Exchange Online',
    check: 'inbox',
    detail: /ErrorNonExistentMailbox/,
    hint: /moved to Exchange Online/,
    break: on({ mailboxes: [] }),
  },
  ...(
    [
      ['14.3.513.0', /older than 2013/],
      ['15.0.1347.2', /Exchange Server 2013 with build .* too old/],
      ['15.1.1261.35', /Exchange Server 2016 with build .* too old/],
      ['15.2.221.12', /Exchange Server 2019 with build .* too old/],
    ] as const
  ).map(([build, detail]) => ({
    name: `Exchange is too old: ${build}`,
    check: 'exchangeBuild',
    detail,
    hint: /Cumulative Update|2013 CU19/,
    break: on({ build }),
  })),
  {
    name: 'Exchange is out of support',
    check: 'exchangeBuild',
    status: 'warning',
    detail: /Exchange Server 2019, build 15\.2\.1748\.24, has been out of support since 2025-10-14/,
    hint: /Exchange Server SE/,
    break: on({ build: '15.2.1748.24' }),
  },
  {
    name: 'Exchange lacks security updates',
    check: 'exchangeBuild',
    status: 'warning',
    detail: /Exchange Server SE, build 15\.2\.2562\.17, lacks the security updates of 2026-10-13 \(build 15\.2\.2562\.56\)/,
    hint: /CVE-2026-69380/,
    break: on({ build: '15.2.2562.17' }),
  },
  {
    name: 'the address is one of Exchange Online',
    check: 'exchangeBuild',
    detail: /Build 15\.20\.9275\.15 is Exchange Online/,
    hint: /exchange\.ewsUrl/,
    break: on({ build: '15.20.9275.15' }),
  },
  {
    name: 'the certificate is about to expire',
    check: 'certificate',
    status: 'warning',
    detail: /2\d days left/,
    hint: /due for renewal/,
    mendedBy: 'apply',
    after: '340d',
    break(world) {
      for (const one of registration(world, 'kv-app').application.passwordCredentials) one.endDateTime = '2099-01-01T00:00:00Z'
    },
  },
  {
    name: 'the certificate has expired',
    check: 'certificate',
    detail: /expired on/,
    hint: /hma apply/,
    mendedBy: 'apply',
    after: '370d',
    break(world) {
      for (const one of registration(world, 'kv-app').application.passwordCredentials) one.endDateTime = '2099-01-01T00:00:00Z'
    },
  },
  {
    name: 'someone changed the profile in Dynamics',
    check: 'profile',
    detail: /differs from the configuration/,
    hint: /hma apply/,
    mendedBy: 'apply',
    also: ['inbox'],
    break(world) {
      const [organization] = world.dataverse.organizations
      for (const row of Object.values(organization?.tables.emailserverprofile ?? {}))
        row.cells.incomingserverlocation = 'https://old.contoso.com/EWS/Exchange.asmx'
    },
  },
  {
    name: 'the profile carries no mark',
    check: 'profile',
    status: 'warning',
    detail: /matches the configuration; hma's mark on it is missing/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      const [organization] = world.dataverse.organizations
      for (const row of Object.values(organization?.tables.emailserverprofile ?? {})) row.cells.description = null
    },
  },
  {
    name: 'someone deleted the profile in Dynamics',
    check: 'profile',
    detail: /has no such profile/,
    hint: /hma apply/,
    mendedBy: 'apply',
    break(world) {
      const [organization] = world.dataverse.organizations
      if (organization) organization.tables.emailserverprofile = {}
    },
  },
]
