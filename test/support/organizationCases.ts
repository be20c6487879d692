import { evoSts, ewsUrl, organization, server } from './organizations.ts'
import type { Organization } from './shell/organization.ts'

const tenant2 = '99999999-9999-9999-9999-999999999999'
const adfs = evoSts({ name: 'ADFS', type: 'ADFS', realm: '', endpoint: 'https://adfs.contoso.com/adfs/oauth2/authorize' })
const off = { enabled: false, isDefault: false } as const

/** An organization, what the script finds in it, and what is left after -Apply. */
export interface Case {
  readonly name: string
  readonly org: () => Organization
  readonly found: readonly string[]
  readonly left?: readonly string[]
}

/** From 2013 to SE, right and wrong at each point that the script checks. */
export const cases: readonly Case[] = [
  { name: 'SE, ready', org: () => organization(), found: [] },
  {
    name: '2013 CU23, with the old name of EvoSTS, and an AuthServer that knows no domains',
    org: () =>
      organization({
        servers: [server({ build: '15.0.1497.2', installed: '15.00.1497.048', role: 'Mailbox, ClientAccess' })],
        authServers: [evoSts({ name: 'EvoSTS', isDefault: false, domainNames: [] })],
        lacks: ['Set-AuthServer:DomainName'],
      }),
    found: ['change authServer'],
  },
  {
    name: '2013 CU10, too old for HMA, with nothing to switch on',
    org: () =>
      organization({
        clientProfile: false,
        servers: [server({ build: '15.0.1130.7', installed: '15.00.1130.007' })],
        authServers: [evoSts({ isDefault: false })],
        lacks: [
          'Set-AuthServer:DomainName',
          'Set-AuthServer:IsDefaultAuthorizationEndpoint',
          'Set-OrganizationConfig:OAuth2ClientProfileEnabled',
        ],
      }),
    found: ['advice versions', 'advice authServer', 'advice clientProfile'],
    left: ['advice versions', 'advice authServer', 'advice clientProfile'],
  },
  {
    name: '2016 CU8 beside 2010',
    org: () =>
      organization({
        servers: [
          server({ build: '15.1.1415.2', installed: '15.01.1415.002', internalUrl: ewsUrl }),
          server({ name: 'OLD', build: '14.3.123.4', installed: '14.03.0123.004' }),
        ],
      }),
    found: ['advice versions'],
    left: ['advice versions'],
  },
  {
    name: '2016 CU23: OAuth off on one of two servers',
    org: () =>
      organization({
        servers: [
          server({ build: '15.1.2507.6', installed: '15.01.2507.077' }),
          server({ name: 'EX02', build: '15.1.2507.6', installed: '15.01.2507.077', oauth: false }),
        ],
      }),
    found: ['change oauth'],
  },
  {
    name: '2016 CU22: EvoSTS of a newer wizard without a domain, disabled and not the default',
    org: () =>
      organization({
        servers: [server({ build: '15.1.2375.7', installed: '15.01.2375.007' })],
        authServers: [evoSts({ ...off, domainNames: [] })],
      }),
    found: ['change authServer', 'change authServer'],
  },
  {
    name: '2019 CU14: modern authentication never switched on',
    org: () =>
      organization({
        clientProfile: false,
        servers: [server({ build: '15.2.1544.4' })],
        authServers: [evoSts({ isDefault: false })],
      }),
    found: ['change authServer', 'change clientProfile'],
  },
  {
    name: '2019 RTM, whose security updates cannot be asked for',
    org: () => {
      const { installed: _, ...rest } = server({ build: '15.2.221.12' })
      return organization({ servers: [rest] })
    },
    found: ['advice versions'],
    left: ['advice versions'],
  },
  {
    name: '2019: no external address; behind it one that names another host',
    org: () =>
      organization({
        servers: [
          server({ externalUrl: '' }),
          server({ name: 'EX02', externalUrl: 'https://owa.contoso.com/EWS/Exchange.asmx' }),
        ],
      }),
    found: ['change urls', 'advice urls'],
    left: ['advice urls'],
  },
  {
    name: 'SE: hybrid with another tenant only',
    org: () => organization({ authServers: [evoSts({ realm: tenant2 })] }),
    found: ['advice authServer'],
    left: ['advice authServer'],
  },
  {
    name: 'SE, several tenants: the default is the EvoSTS of another one',
    org: () =>
      organization({
        authServers: [evoSts({ name: 'EvoSts - a', realm: tenant2 }), evoSts({ name: 'EvoSts - b', ...off, enabled: true })],
      }),
    found: [],
  },
  {
    name: 'SE: no hybrid wizard ever ran',
    org: () => organization({ authServers: [] }),
    found: ['advice authServer'],
    left: ['advice authServer'],
  },
  {
    name: 'SE: ADFS is the default, so nothing is switched without a person',
    org: () => organization({ authServers: [adfs, evoSts({ isDefault: false })] }),
    found: ['advice authServer'],
    left: ['advice authServer'],
  },
  {
    name: 'SE: the metadata of EvoSTS was never read',
    org: () => organization({ authServers: [evoSts({ endpoint: '' })] }),
    found: ['change authServer'],
  },
  {
    name: 'SE: EvoSTS of another cloud',
    org: () => organization({ authServers: [evoSts({ endpoint: 'https://login.chinacloudapi.cn/common/oauth2/authorize' })] }),
    found: ['advice authServer'],
    left: ['advice authServer'],
  },
  {
    name: 'SE: the Auth certificate has expired, Entra is out of reach, the Hybrid Agent and offloading are on',
    org: () =>
      organization({
        certificateExpires: new Date('2020-01-01T00:00:00Z'),
        metadata: 0,
        hybridAgent: true,
        servers: [server({ offloading: true })],
      }),
    found: ['advice authCertificate', 'advice metadata', 'advice hybridAgent', 'advice sslOffloading'],
    left: ['advice authCertificate', 'advice metadata', 'advice hybridAgent', 'advice sslOffloading'],
  },
  {
    name: 'SE: the Auth certificate is missing on one server, and a device asks for its own sign-in',
    org: () => organization({ servers: [server(), server({ name: 'EX02', lacksCertificate: true })], outside: { status: 200 } }),
    found: ['advice authCertificate', 'advice preAuthentication'],
    left: ['advice authCertificate', 'advice preAuthentication'],
  },
  {
    name: 'SE: a server is down, an edge server does not count, and roles hide the Auth certificate',
    org: () =>
      organization({
        servers: [
          server(),
          server({ name: 'EX02', online: false }),
          server({ name: 'EDGE', role: 'Edge', build: '14.3.1.1', oauth: false }),
        ],
        lacks: ['Get-AuthConfig'],
        outside: { status: 0 },
      }),
    found: ['unknown oauth', 'unknown authCertificate', 'unknown preAuthentication'],
    left: ['unknown oauth', 'unknown authCertificate', 'unknown preAuthentication'],
  },
]
