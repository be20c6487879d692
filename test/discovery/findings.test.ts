import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { company } from '../../packages/sandbox/test/support/companyCa.ts'
import { mailTenant, vaultTenant } from '../../packages/sandbox/test/support/sandbox.ts'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import type { Workplace } from '../support/hma.ts'
import { handMadeChanges, type More } from './handMadeChanges.ts'
import { environment, type Made, type PortalSetup, person, portalMade } from './portalMade.ts'

let here: Workplace
afterEach(() => here.leave())

interface Note {
  readonly at: string
  readonly message: string
  readonly next?: string
}

interface Read {
  readonly configuration: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly notes: readonly Note[]
  /** As people see it. */
  yaml(): Promise<string>
}

/** What import says of a world. */
async function read(hand: PortalSetup, more?: More): Promise<Read> {
  here = await portalMade(hand, more)
  const { code, stdout, stderr } = await here.hma(`import ${environment} --sandbox --json`)
  expect(code, stderr).toBe(0)
  const yaml = async (): Promise<string> => (await here.hma(`import ${environment} --sandbox`)).stdout
  return { ...JSON.parse(stdout), yaml }
}

const said = ({ notes }: Read): string => notes.map(({ at, message, next }) => `${at}: ${message} ${next ?? ''}`).join('\n')

/** A self-signed certificate with its key. */
const ofItsOwn =
  (days: number, subject = 'CN=hma.contoso.com') =>
  async (now: Date): Promise<string> => {
    const { pem, privateKey } = await selfSigned(subject, now, days)
    return `${privateKey}${pem}`
  }

const graph = 'https://graph.microsoft.com/v1.0'

test('people and programs get the same findings', async () => {
  const found = await read({})
  expect(parse(await found.yaml())).toEqual(found.configuration)
  expect((await found.yaml()).split('\n')[0]).toBe('# yaml-language-server: $schema=./schemas/hma.schema.json')
  expect(Math.max(...(await found.yaml()).split('\n').map((line) => line.length))).toBeLessThanOrEqual(130)
  await here.write('hma.config.yaml', await found.yaml())
  expect((await here.hma('validate')).code).toBe(0)
})

test('lifetimes, ids and modes are as found', async () => {
  let made: Made | undefined
  const { configuration } = await read({ secretDays: 400 }, (_, done) => {
    made = done
  })
  expect(configuration.keyVaultApp).toMatchObject({ appId: made?.keyVaultAppId, clientSecret: { lifetimeDays: 400 } })
  expect(configuration.hmaApp).toMatchObject({ appId: made?.hmaAppId, tenantId: mailTenant, adminConsent: 'grant' })
  expect(configuration.certificate).toMatchObject({ subject: 'CN=hma.contoso.com', keySize: 2048, validityMonths: 12 })
  expect(configuration.exchange).toEqual({ ewsUrl: 'https://mail.contoso.com/EWS/Exchange.asmx' })
})

describe('where the certificate comes from', () => {
  test('a company’s CA signed it: source is csr, and nothing changes until the next renewal', async () => {
    const ca = await company()
    const brought = async (from: Date): Promise<string> => {
      const { leaf, privateKey } = await ca.make({ from, days: 300 })
      return `${privateKey}${leaf}`
    }
    const found = await read({ brought })
    expect(found.configuration.certificate).toMatchObject({ source: 'csr', signedFile: './hma-cert.cer' })
    expect(await found.yaml()).toContain('CN=Contoso Issuing signed the present one')
    await untouched(found)
  })

  test('an imported self-signed certificate: hma renews it', async () => {
    const brought = ofItsOwn(300, 'CN=mail, O=Contoso\\, Ltd')
    const found = await read({ brought })
    expect(found.configuration.certificate).toMatchObject({
      source: 'generate',
      issuer: 'hma',
      subject: 'CN=mail, O=Contoso\\, Ltd',
    })
    await untouched(found)
  })

  /** After adopting, a plan leaves the certificate and HMA-App's trust in it alone. */
  async function untouched({ yaml }: Read): Promise<void> {
    await here.write('hma.config.yaml', await yaml())
    const adopted = await here.hma('adopt --sandbox --yes')
    expect(adopted.code, adopted.stderr).toBe(0)
    const { stdout } = await here.hma('plan --sandbox --json')
    const { deployments }: { deployments: { changes: { kind: string; action: string }[] }[] } = JSON.parse(stdout)
    const changes = deployments.flatMap(({ changes }) => changes)
    const concerned = changes.filter(({ kind }) => kind.startsWith('certificate'))
    expect(concerned.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'certificateRequest none',
      'certificateCredential none',
      'certificate none',
    ])
  }
})

describe('what differs from the procedure', () => {
  const cases: readonly (readonly [string, PortalSetup, More | undefined, RegExp])[] = [
    ['no consent', { consent: false }, undefined, /^hmaApp\.adminConsent: No administrator consented/m],
    ['AutoRenew', {}, undefined, /^certificate\.issuer: The vault renews the certificate by itself/m],
    ['Autodiscover', { profile: { useautodiscover: true } }, undefined, /^exchange\.ewsUrl: .*Autodiscover/m],
    ['a port of its own', { profile: { incomingportnumber: 444 } }, undefined, /^exchange\.ewsUrl: .*names the port 444/m],
    [
      'two addresses',
      { profile: { outgoingserverlocation: 'https://out/EWS' } },
      undefined,
      /sends through another address: https:\/\/out/,
    ],
    [
      'one direction',
      { profile: { outgoingcredentialretrieval: 1 } },
      undefined,
      /^dynamics\.profile: The profile sends by credentials in the profile/m,
    ],
    ['no tenant', { profile: { usedefaulttenantid: true } }, undefined, /^hmaApp\.tenantId: The profile itself names no tenant/m],
    [
      'an unknown resource',
      { profile: { aadresourceid: 'https://nowhere.contoso.com' } },
      undefined,
      /https:\/\/nowhere\.contoso\.com is not a service principal name/,
    ],
    [
      'a secret that ends soon',
      { secretDays: 12 },
      undefined,
      /^keyVaultApp\.clientSecret: No secret of KV-App is valid for long/m,
    ],
    [
      'a certificate that ends soon',
      { brought: ofItsOwn(20) },
      undefined,
      /^certificate: The certificate ends on .*, in 19 days/m,
    ],
    ['a secret that has ended', {}, ({ advance }) => advance(366 * 86_400_000), /The client secret of KV-App ended on/],
    ['purge protection', {}, handMadeChanges.withoutPurgeProtection, /^keyVault\.name: Purge protection of the vault is off/m],
    [
      'a broader role',
      {},
      handMadeChanges.administrator,
      /^keyVaultApp: KV-App holds more at the vault than it needs: Key Vault Administrator\./m,
    ],
    ['a broader policy', { vault: 'accessPolicy' }, handMadeChanges.broaderPolicy, /allows more than it needs.*: secrets list\./],
    ['a secret on HMA-App', {}, handMadeChanges.secretOnHmaApp, /^hmaApp\.appId: HMA-App has a client secret/m],
    [
      'a certificate that is not trusted',
      {},
      handMadeChanges.withoutKeys,
      /^hmaApp\.appId: HMA-App does not trust the current certificate/m,
    ],
    ['more permissions', {}, handMadeChanges.morePermissions, /asks for more than full_access_as_app: .*df021288/],
    ['another tenant', {}, handMadeChanges.otherTenant, /names 99999999-.* as the tenant of KV-App/],
  ]

  test.each(cases)('%s', async (_what, hand, more, expected) => {
    expect(said(await read(hand, more))).toMatch(expected)
  })

  test('there are no remarks on a vault, roles and HMA-App that are in order', async () => {
    const { notes } = await read({})
    expect(notes.map(({ at }) => at)).toEqual(['certificate.issuer', 'keyVaultApp.clientSecret', 'dynamics.profile'])
  })

  test('remarks are at the key they concern', async () => {
    const { yaml } = await read({ consent: false })
    const lines = (await yaml()).split('\n')
    const at = lines.findIndex((line) => line.trimStart().startsWith('adminConsent: manual'))
    expect(lines[at - 2]).toContain('# No administrator consented to full_access_as_app')
  })
})

describe('what does not exist', () => {
  test('a deleted registration is reported and not taken over', async () => {
    const gone = await read({}, async (sandbox, { hmaObject }) => {
      await person(sandbox, mailTenant)('DELETE', `${graph}/applications/${hmaObject}`)
    })
    expect(said(gone)).toMatch(/^hmaApp\.appId: There is no app registration .* in the tenant 22222222-/m)
    expect(gone.configuration.hmaApp).not.toHaveProperty('appId')
    expect(await gone.yaml()).toMatch(/^ {2}# appId: [0-9a-f-]{36}/m)
    await here.write('hma.config.yaml', await gone.yaml())
    expect((await here.hma('validate')).code).toBe(0)
  })

  test('a deleted certificate is reported, and source is generate', async () => {
    const gone = await read({}, async (sandbox) => {
      await person(sandbox, vaultTenant)(
        'DELETE',
        'https://kv-contoso-mail.vault.azure.net/certificates/HMA-Cert?api-version=7.4',
      )
    })
    expect(said(gone)).toMatch(/^certificate\.name: The vault kv-contoso-mail serves no certificate HMA-Cert/m)
    expect(gone.configuration.certificate).toMatchObject({ name: 'HMA-Cert', source: 'generate' })
  })

  test('for a profile without values, the places to fill in are named', async () => {
    const { notes } = await read({
      profile: { oauthclientid: 'HMA', incomingserverlocation: null, outgoingserverlocation: null },
    })
    const unread = notes.filter(({ message }) => message.includes('could not be read')).map(({ at }) => at)
    expect(unread).toEqual(['hmaApp.appId', 'exchange.ewsUrl'])
  })
})

describe('without a right', () => {
  const inTenant =
    (tenantId: string) =>
    (sandbox: Sandbox): void => {
      const tenant = sandbox.world.directory.tenants[tenantId]
      if (tenant) tenant.appRoleAssignments = {}
    }
  const inSubscription = ({ world }: Sandbox): void => {
    world.resources.roleAssignments = []
  }

  test('at the vault: dependent values must be filled in, and validate points to them', async () => {
    const found = await read({}, inSubscription)
    expect(found.configuration.keyVault).toEqual({ tenantId: vaultTenant, name: 'kv-contoso-mail' })
    expect(found.configuration.certificate).not.toHaveProperty('source')
    expect(said(found)).toContain('keyVault.subscriptionId, keyVault.resourceGroup could not be read')
    expect(said(found)).toContain('Key Vault Reader')
    await here.write('hma.config.yaml', await found.yaml())
    const { code, stdout } = await here.hma('validate --json')
    expect(code).toBe(1)
    const { diagnostics }: { diagnostics: { line: number }[] } = JSON.parse(stdout)
    const lines = (await found.yaml()).split('\n')
    expect(diagnostics.map(({ line }) => lines[line - 1]?.trim().split(':')[0])).toEqual([
      'subscriptionId',
      'resourceGroup',
      'source',
      'subject',
      'keySize',
      'validityMonths',
    ])
  })

  test('in the tenant of Exchange: the id is known, and adminConsent is manual', async () => {
    const found = await read({}, inTenant(mailTenant))
    expect(found.configuration.hmaApp).toMatchObject({ adminConsent: 'manual', appId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(said(found)).toMatch(/^hmaApp: Could not read the application .*Application\.Read\.All/m)
    await here.write('hma.config.yaml', await found.yaml())
    expect((await here.hma('validate')).code).toBe(0)
  })

  test('in the rows of Dynamics: the profile is read and the vault is not', async () => {
    const found = await read({}, ({ world }) => {
      for (const organization of world.dataverse.organizations)
        for (const id of Object.keys(organization.roles)) organization.roles[id] = ['prvReadEmailServerProfile', 'prvReadMailbox']
    })
    expect(found.configuration.dynamics).toMatchObject({ profile: { name: 'Exchange on-premises' } })
    expect(found.configuration.keyVault).toEqual({})
    expect(said(found)).toContain('prvReadKeyVaultReference')
  })
})

test('a deployment that hma already manages keeps the name in its marks and has no findings', async () => {
  const first = await read({})
  await here.write('hma.config.yaml', (await first.yaml()).replace('name: contoso ', 'name: mail-of-contoso '))
  expect((await here.hma('adopt --sandbox --yes')).code).toBe(0)
  expect((await here.hma('apply --sandbox --yes')).code).toBe(0)
  await here.write('hma.config.yaml', '')
  const { stdout, stderr } = await here.hma(`import ${environment} --sandbox`)
  expect(stderr).toContain('hma.config.yaml has errors')
  expect(stdout).toMatch(/^name: mail-of-contoso /m)
  await here.write('hma.config.yaml', stdout)
  expect((await here.hma('plan --sandbox --detailed-exitcode')).code).toBe(0)
})
