import { dataverse } from '../../src/dataverse/routes.ts'
import { type Answer, environmentHost, exchangeTenant, type FixedAzure, fixedAzure, listen, vaultTenant } from '../fixedAzure.ts'
import { hmaApp, ids, keyVaultApp } from '../wholeWorld.ts'

export interface Client {
  readonly azure: FixedAzure
  /** `GET`, `POST` and so on of a path below `/api/data/v9.2/`. */
  send(method: string, path: string, options?: Options): Promise<Answer>
  close(): Promise<void>
}

export interface Options {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Name of a token; `owner` by default, and none if it is empty. */
  readonly token?: string
  readonly host?: string
}

/** A client of the organisation contoso, over HTTP. */
export async function client(azure: FixedAzure = fixedAzure()): Promise<Client> {
  const listening = await listen(dataverse(azure))
  return {
    azure,
    send: (method, path, { body, headers = {}, token = 'owner', host = environmentHost } = {}) =>
      listening.ask(host, {
        method,
        path: `/api/data/v9.2/${path}`,
        headers: {
          ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    close: () => listening.close(),
  }
}

/** The three rows of a profile that uses Hybrid Modern Authentication, as a client writes them. */
export const bodies = {
  identity: {
    name: 'kv-app',
    applicationid: keyVaultApp,
    tenantid: vaultTenant,
    credentialsource: 0,
    clientsecret: 'secret-1',
  },
  reference: {
    keyvaulturi: 'https://kv-contoso-mail.vault.azure.net/',
    keyname: 'HMA-Cert',
    keytype: 1,
    preauthorizedapplicationtype: 1,
    'managedidentityid@odata.bind': `/managedidentities(${ids.identity})`,
  },
  profile: {
    name: 'Exchange on-premises (HMA)',
    servertype: 2,
    incomingcredentialretrieval: 6,
    outgoingcredentialretrieval: 6,
    incomingserverlocation: 'https://mail.contoso.com/EWS/Exchange.asmx',
    aadresourceid: 'https://mail.contoso.com',
    exchangeonlinetenantid: exchangeTenant,
    usedefaulttenantid: false,
    oauthclientid: hmaApp,
    'keyvaultreferenceid@odata.bind': `/keyvaultreferences(${ids.reference})`,
    'managedidentityid@odata.bind': `/managedidentities(${ids.identity})`,
  },
} as const

export const paths = {
  identity: `managedidentities(${ids.identity})`,
  reference: `keyvaultreferences(${ids.reference})`,
  profile: `emailserverprofiles(${ids.profile})`,
} as const

/** Writes the three rows by upsert. */
export async function putProfile({ send }: Client): Promise<void> {
  for (const part of ['identity', 'reference', 'profile'] as const) {
    const answer = await send('PATCH', paths[part], { body: bodies[part] })
    if (answer.status !== 204) throw new Error(`${paths[part]}: ${answer.status} ${answer.text}`)
  }
}
