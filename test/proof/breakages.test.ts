import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import type { ExchangeServer } from '../../packages/sandbox/src/exchange/state.ts'
import { ids, stage, type Variant, yaml } from '../support/deployment.ts'
import { type Verified, verified } from '../support/verify.ts'

const variant: Variant = { copy: true, create: 'rbac' }

/** One way in which the chain breaks, the check that has to find it, and what the operator is told to do. */
interface Breakage {
  readonly name: string
  readonly check: string
  readonly detail: RegExp
  readonly hint: RegExp
  readonly status?: 'failed' | 'warning'
  readonly after?: string
  /** Other checks that cannot but fail with it. */
  readonly also?: readonly string[]
  break?(world: World): void
  /** The configuration, where the mistake is in it. */
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

const on = (change: Partial<ExchangeServer>) => (world: World) => void Object.assign(server(world), change)

const breakages: readonly Breakage[] = [
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
    detail: /asks for a sign-in of its own \(302/,
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
    detail: /knows no \/EWS\/Exchange\.asmy \(404\)/,
    hint: /exchange\.ewsUrl/,
    also: ['profile'],
    configuration: (text) => text.replace('Exchange.asmx', 'Exchange.asmy'),
  },
  {
    name: "somebody removed KV-App's secret that Dynamics holds",
    check: 'keyVaultSignIn',
    detail: /does not have any more/,
    hint: /hma apply/,
    break: (world) => void registration(world, 'kv-app').application.passwordCredentials.splice(0),
  },
  {
    name: 'the secret that Dynamics holds has expired',
    check: 'keyVaultSignIn',
    detail: /expired on 2/,
    hint: /schedule/,
    after: '200d',
  },
  {
    name: "somebody overwrote the vault's copy of the secret",
    check: 'keyVaultSignIn',
    detail: /AADSTS7000215/,
    hint: /hma rotate clientSecret/,
    break(world) {
      const versions = vault(world).secrets['hma-kv-app-client-secret']?.versions ?? []
      for (const version of versions) version.value = 'of somebody else'
    },
  },
  {
    name: 'KV-App is disabled',
    check: 'keyVaultSignIn',
    detail: /AADSTS7000112/,
    hint: /enable/i,
    break: (world) => void (registration(world, 'kv-app').principal.accountEnabled = false),
  },
  {
    name: 'the registration KV-App was deleted',
    check: 'keyVaultSignIn',
    detail: /KV-App does not exist/,
    hint: /hma plan/,
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
    break(world) {
      revoke(world, roles.secretsUser)
      for (const one of grants(world)) if (one.roleId === roles.certificateUser) one.roleId = roles.reader
    },
  },
  {
    name: 'KV-App may not get certificates',
    check: 'vaultRead',
    detail: /does not let KV-App get certificates/,
    hint: /Key Vault Certificate User/,
    break: (world) => revoke(world, roles.certificateUser),
  },
  {
    name: 'somebody removed the certificate from HMA-App',
    check: 'certificate',
    detail: /does not trust the certificate that the vault serves/,
    hint: /hma apply/,
    break: (world) => void registration(world, 'hma-app').application.keyCredentials.splice(0),
  },
  {
    name: 'the current version of the certificate is disabled',
    check: 'vaultRead',
    detail: /SecretDisabled|disabled/i,
    hint: /Enable/,
    also: ['certificate'],
    break: (world) => void (current(world).attributes.enabled = false),
  },
  {
    name: 'the private key cannot be exported',
    check: 'certificate',
    detail: /holds no private key/,
    hint: /exportable/,
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
    name: 'nobody consented',
    check: 'hmaSignIn',
    detail: /lacks the role full_access_as_app/,
    hint: /hma apply/,
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
    hint: /enable/i,
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
    detail: /refuses Exchange Web Services \(403\)/,
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
    after: '370d',
    break(world) {
      for (const one of registration(world, 'kv-app').application.passwordCredentials) one.endDateTime = '2099-01-01T00:00:00Z'
    },
  },
  {
    name: 'somebody changed the profile in Dynamics',
    check: 'profile',
    detail: /differs from the configuration/,
    hint: /hma apply/,
    also: ['inbox'],
    break(world) {
      const [organization] = world.dataverse.organizations
      for (const row of Object.values(organization?.tables.emailserverprofile ?? {}))
        row.cells.incomingserverlocation = 'https://old.contoso.com/EWS/Exchange.asmx'
    },
  },
  {
    name: 'somebody deleted the profile in Dynamics',
    check: 'profile',
    detail: /has no such profile/,
    hint: /hma apply/,
    break(world) {
      const [organization] = world.dataverse.organizations
      if (organization) organization.tables.emailserverprofile = {}
    },
  },
]

let applied: World

beforeAll(async () => {
  const it = await stage(variant)
  await it.apply()
  applied = structuredClone(it.sandbox.world)
  await it.close()
}, 60_000)

async function broken(one: Partial<Breakage>, rights: 'owner' | 'reader' = 'owner'): Promise<Verified> {
  const world = structuredClone(applied)
  one.break?.(world)
  if (one.after) world.ahead += Number.parseInt(one.after, 10) * 86_400_000
  const it = await stage(variant, {}, world)
  try {
    const text = yaml(variant)
    return await verified(it.sandbox, one.configuration?.(text) ?? text, rights)
  } finally {
    await it.close()
  }
}

const named = (found: Verified, status: string): readonly string[] =>
  found.checks.filter((check) => check.status === status).map(({ name }) => name)

describe('the chain', () => {
  test('holds after an apply', async () => {
    const found = await broken({})
    expect(named(found, 'passed')).toEqual([
      'tls',
      'challenge',
      'tenant',
      'keyVaultSignIn',
      'vaultRead',
      'certificate',
      'hmaSignIn',
      'servicePrincipalName',
      'inbox',
      'exchangeBuild',
      'profile',
    ])
    expect(found.code).toBe(0)
  })

  test('is proven with read rights alone, and nothing is written', async () => {
    const world = structuredClone(applied)
    const it = await stage(variant, {}, world)
    const before = createHash('sha256').update(JSON.stringify(world)).digest('hex')
    const found = await verified(it.sandbox, yaml(variant), 'reader')
    expect(found.code).toBe(0)
    expect(named(found, 'failed')).toEqual([])
    expect(it.sandbox.log.filter(({ service, method }) => !['login', 'exchange'].includes(service) && method !== 'GET')).toEqual(
      [],
    )
    expect(createHash('sha256').update(JSON.stringify(world)).digest('hex')).toBe(before)
    await it.close()
  })

  test.concurrent.each(breakages)('$name: $check', async (one) => {
    const found = await broken(one)
    const check = found.checks.find(({ name }) => name === one.check)
    expect(check).toMatchObject({ status: one.status ?? 'failed' })
    expect(check?.detail).toMatch(one.detail)
    expect(check?.hint).toMatch(one.hint)
    expect([...named(found, 'failed')].sort()).toEqual(
      [...(one.status === 'warning' ? [] : [one.check]), ...(one.also ?? [])].sort(),
    )
    expect(found.code).toBe(one.status === 'warning' ? 0 : 1)
  })
})

describe('what hma may not know', () => {
  test('without a copy in the vault the secret is not tried, and the rest of the chain is', async () => {
    const it = await stage({ create: 'rbac' })
    await it.apply()
    const found = await verified(it.sandbox, yaml({ create: 'rbac' }))
    expect(named(found, 'skipped')).toEqual(['keyVaultSignIn', 'vaultRead'])
    expect(found.checks.find(({ name }) => name === 'keyVaultSignIn')?.hint).toContain('vaultSecretName')
    expect(named(found, 'passed')).toContain('inbox')
    expect(found.code).toBe(0)
    await it.close()
  })

  test('a tenant that does not exist', async () => {
    const unknown = '77777777-7777-7777-7777-777777777777'
    const found = await broken({
      configuration: (text) => text.replace(`hmaApp:\n  tenantId: ${ids.exchangeTenant}`, `hmaApp:\n  tenantId: ${unknown}`),
    })
    expect(found.checks.find(({ name }) => name === 'tenant')).toMatchObject({
      status: 'failed',
      hint: expect.stringContaining('hmaApp.tenantId'),
    })
  })

  test('no secret and no token is ever told', async () => {
    const found = await broken({ break: on({ ewsEnabled: false }) })
    expect(found.stdout + found.stderr).not.toMatch(/eyJ|PRIVATE KEY|MII/)
  })
})
