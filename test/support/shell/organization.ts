import type { Command, Given } from './commands.ts'
import { scopeCommands } from './scopeCommands.ts'
import { Item, isTrue, Native, Thrown, textOf, type Value } from './values.ts'

/** One Exchange server of an organization. */
export interface Server {
  name: string
  /** As the directory lists it; `installed` is what the file says, where the server can be asked. */
  build: string
  installed?: string
  role?: string
  online?: boolean
  oauth: boolean
  externalUrl: string
  internalUrl?: string
  offloading?: boolean
  lacksCertificate?: boolean
}

export interface AuthServer {
  name: string
  type: 'AzureAD' | 'ADFS' | 'MicrosoftACS'
  realm: string
  enabled: boolean
  isDefault: boolean
  endpoint: string
  metadataUrl: string
  domainNames?: string[]
}

/** An organization of Exchange, as far as the scripts can see and change it. */
export interface Organization {
  clientProfile: boolean
  servers: Server[]
  authServers: AuthServer[]
  certificateExpires: Date
  /** What the metadata of Entra, and the address of EWS, answer to a server. */
  metadata: number
  outside: { status: number; server?: string; bearer?: boolean }
  hybridAgent?: boolean
  scopes: { name: string; filter: string }[]
  assignments: { name: string; assignee: string; scope: string }[]
  mailboxes: string[]
  /** What this version, or the roles of the administrator, do not have: a command, or `Command:Parameter`. */
  lacks?: readonly string[]
}

export type Parameters = Readonly<Record<string, Value>>

/** The commands of the Exchange Management Shell over an organization. `changed` is called for every change. */
export function exchangeCommands(org: Organization, changed: (call: string) => void): Readonly<Record<string, Command>> {
  const all: Readonly<
    Record<string, readonly [parameters: readonly string[], run: (given: Parameters, call: Given) => readonly Value[]]>
  > = {
    'Get-ExchangeServer': [
      ['Identity'],
      ({ identity }) => org.servers.filter((one) => identity === undefined || one.name === identity).map(serverItem),
    ],
    'Invoke-Command': [
      ['ComputerName', 'SessionOption', 'ScriptBlock'],
      ({ computername }) => [installed(org, textOf(computername ?? null))],
    ],
    'Get-WebServicesVirtualDirectory': [['Server'], ({ server }) => [directoryItem(named(org.servers, server))]],
    'Set-WebServicesVirtualDirectory': [['Identity', 'OAuthAuthentication', 'ExternalUrl'], (given) => setDirectory(org, given)],
    'Get-AuthServer': [[], () => org.authServers.map((one) => authServerItem(one, org))],
    'Set-AuthServer': [
      ['Identity', 'Enabled', 'IsDefaultAuthorizationEndpoint', 'DomainName', 'RefreshAuthMetadata'],
      (given) => setAuthServer(org, given),
    ],
    'Get-OrganizationConfig': [
      [],
      () => [new Item({ Guid: 'c0ffee00-0000-4000-8000-000000000001', OAuth2ClientProfileEnabled: org.clientProfile })],
    ],
    'Set-OrganizationConfig': [
      ['OAuth2ClientProfileEnabled'],
      ({ oauth2clientprofileenabled: on }) => {
        org.clientProfile = on === true
        return []
      },
    ],
    'Get-AuthConfig': [[], () => [new Item({ CurrentCertificateThumbprint: 'A1' })]],
    'Get-ExchangeCertificate': [['Server', 'Thumbprint'], ({ server }) => certificate(org, named(org.servers, server))],
    'Get-OutlookAnywhere': [
      ['ADPropertiesOnly'],
      () => org.servers.map(({ name, offloading }) => new Item({ Server: name, SSLOffloading: offloading === true })),
    ],
    'Get-Service': [['DisplayName'], () => (org.hybridAgent ? [new Item({ Name: 'HybridService' })] : [])],
    'Set-ADServerSettings': [['ViewEntireForest', 'WhatIf'], () => []],
    'Invoke-WebRequest': [
      ['Uri', 'UseBasicParsing', 'TimeoutSec', 'Headers', 'Proxy'],
      ({ uri }) => [answer(org, textOf(uri ?? null))],
    ],
    ...scopeCommands(org),
  }
  const writes = /^(Set|New)-(?!ADServer)/
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, [own, run]]) => {
      if (org.lacks?.includes(name)) return []
      const parameters = own.filter((one) => !org.lacks?.includes(`${name}:${one}`))
      const command: Command = {
        parameters,
        switches: ['adpropertiesonly'],
        run(given) {
          const values = checked(name, parameters, given)
          if (writes.test(name)) changed(`${name} ${Object.values(values).map(textOf).join(' ')}`)
          return run(values, given)
        },
      }
      return [[name, command]]
    }),
  )
}

const usual = ['erroraction', 'warningaction', 'whatif']

function checked(name: string, parameters: readonly string[], { named, positional }: Given): Parameters {
  const known = [...usual, ...parameters.map((one) => one.toLowerCase())]
  const unknown = [...named.keys()].find((one) => !known.includes(one))
  if (unknown !== undefined) throw new Thrown(`A parameter cannot be found that matches parameter name '${unknown}' (${name})`)
  if (positional.length > 0) throw new Thrown(`A positional parameter cannot be found (${name})`)
  return Object.fromEntries([...named].filter(([one]) => !usual.includes(one)))
}

export function named<One extends { name: string }>(all: readonly One[], name: Value | undefined): One {
  const found = all.find((one) => one.name.toLowerCase() === textOf(name ?? null).toLowerCase())
  if (!found) throw new Thrown(`The operation couldn't be performed because object '${textOf(name ?? null)}' couldn't be found`)
  return found
}

const serverItem = ({ name, build, role = 'Mailbox' }: Server): Item => {
  const [major, minor, first, second] = build.split('.')
  return new Item({
    ...{ Name: name, Fqdn: `${name}.contoso.local`, ServerRole: role, InternetWebProxy: '' },
    AdminDisplayVersion: new Item({ ToString: `Version ${major}.${minor} (Build ${first}.${second})` }),
  })
}

function installed(org: Organization, fqdn: string): Value {
  const server = named(org.servers, fqdn.split('.')[0])
  if (server.installed === undefined) throw new Thrown('WinRM cannot complete the operation')
  return server.installed
}

const identityOf = (name: string): string => `${name}\\EWS (Default Web Site)`

function directoryItem({
  name,
  oauth,
  externalUrl,
  internalUrl = `https://${name}.contoso.local/EWS/Exchange.asmx`,
  online = true,
}: Server): Item {
  if (!online) throw new Thrown(`The task wasn't able to connect to IIS on the server '${name}'.`)
  return new Item({
    Identity: identityOf(name),
    OAuthAuthentication: oauth,
    ExternalUrl: externalUrl || null,
    InternalUrl: internalUrl,
  })
}

function setDirectory(org: Organization, given: Parameters): readonly Value[] {
  const server = org.servers.find(({ name }) => identityOf(name) === textOf(given.identity ?? null))
  if (!server) throw new Thrown('The virtual directory was not found')
  if (given.oauthauthentication !== undefined) server.oauth = isTrue(given.oauthauthentication)
  if (given.externalurl !== undefined) server.externalUrl = textOf(given.externalurl)
  return []
}

function authServerItem(one: AuthServer, org: Organization): Item {
  const lacks = (parameter: string): boolean => org.lacks?.includes(`Set-AuthServer:${parameter}`) ?? false
  return new Item({
    ...{ Name: one.name, Type: one.type, Realm: one.realm, Enabled: one.enabled, AuthMetadataUrl: one.metadataUrl },
    AuthorizationEndpoint: one.endpoint,
    ...(!lacks('IsDefaultAuthorizationEndpoint') && { IsDefaultAuthorizationEndpoint: one.isDefault }),
    ...(!lacks('DomainName') && { DomainName: one.domainNames ?? [] }),
  })
}

function setAuthServer(org: Organization, given: Parameters): readonly Value[] {
  const one = named(org.authServers, given.identity)
  if (given.enabled !== undefined) one.enabled = isTrue(given.enabled)
  if (given.isdefaultauthorizationendpoint !== undefined) one.isDefault = isTrue(given.isdefaultauthorizationendpoint)
  if (given.domainname !== undefined) one.domainNames = [textOf(given.domainname)]
  if (given.refreshauthmetadata !== undefined) one.endpoint = 'https://login.windows.net/common/oauth2/authorize'
  return []
}

function certificate({ certificateExpires }: Organization, { name, lacksCertificate }: Server): readonly Value[] {
  if (lacksCertificate) throw new Thrown(`The certificate with thumbprint A1 was not found on ${name}.`)
  return [new Item({ NotAfter: certificateExpires })]
}

/** Windows PowerShell throws where the status is an error, and the answer is in what is thrown. */
function answer({ metadata, outside }: Organization, uri: string): Value {
  const { status, server, bearer } = /openid-configuration$/.test(uri)
    ? { status: metadata }
    : { server: undefined, bearer: false, ...outside }
  const headers = new Native({})
  if (status === 200) return new Item({ StatusCode: 200, Headers: headersOf({ 'X-FEServer': server }) })
  if (status === 0) throw new Thrown('Unable to connect to the remote server')
  const response = new Item({
    StatusCode: status,
    Headers: headersOf({ 'X-FEServer': server, 'WWW-Authenticate': bearer ? 'Bearer client_id="x"' : 'Basic' }),
  })
  throw new Thrown(`The remote server returned an error: (${status})`, { Response: response, headers })
}

function headersOf(headers: Readonly<Record<string, string | undefined>>): Value {
  const table = new Item({}).table
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) table.set(name, value)
  return table
}
