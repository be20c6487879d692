import { ids } from './deployment.ts'
import type { AuthServer, Organization, Server } from './shell/organization.ts'

export const ewsUrl = 'https://mail.contoso.com/EWS/Exchange.asmx'

export const evoSts = (more: Partial<AuthServer> = {}): AuthServer => ({
  ...{
    name: 'EvoSts - 0f0f0f0f-1111-4222-8333-444444444444',
    type: 'AzureAD',
    realm: ids.exchangeTenant,
    enabled: true,
    isDefault: true,
  },
  endpoint: 'https://login.windows.net/common/oauth2/authorize',
  metadataUrl: 'https://login.windows.net/contoso.onmicrosoft.com/federationmetadata/2007-06/federationmetadata.xml',
  domainNames: ['contoso.onmicrosoft.com'],
  ...more,
})

export const server = (more: Partial<Server> = {}): Server => ({
  ...{ name: 'EX01', build: '15.2.2562.17', installed: '15.02.2562.056', oauth: true, externalUrl: ewsUrl },
  ...more,
})

/** An organization in which everything is as it should be, but for what is said. */
export const organization = (more: Partial<Organization> = {}): Organization => ({
  clientProfile: true,
  servers: [server()],
  authServers: [
    { ...evoSts({ name: 'ACS', type: 'MicrosoftACS', realm: 'contoso.com', isDefault: false, endpoint: '' }) },
    evoSts(),
  ],
  certificateExpires: new Date('2030-01-01T00:00:00Z'),
  metadata: 200,
  outside: { status: 401, server: 'EX01', bearer: true },
  scopes: [],
  assignments: [],
  mailboxes: ['Anna', 'Ben'],
  ...more,
})
