import { type Channel, channel } from '../credentials/channel.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { asking } from '../errors/ask.ts'
import { AzureError, unlessAbsent } from '../errors/azureError.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import { type Call, literal, pages } from './call.ts'
import { newerColumns } from './columns.ts'
import { mailboxes } from './mailboxes.ts'
import type { Dataverse, Organization, Profile } from './port.ts'
import {
  fromKeyVault,
  identityBody,
  identityRow,
  identitySelect,
  profileBody,
  profileOf,
  profileQuery,
  referenceBody,
  referenceRow,
  referenceSelect,
} from './rows.ts'

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors */
const headers = {
  accept: 'application/json',
  'odata-maxversion': '4.0',
  'odata-version': '4.0',
  'if-none-match': 'null',
} as const

export function dataverseClient(transport: Transport, credentials: Credentials): Dataverse {
  const call = (organization: Organization, wanted: Call): Promise<Fields> => send(transport, credentials, organization, wanted)
  const row = (organization: Organization, path: string, doing: string): Promise<Fields | undefined> =>
    unlessAbsent(call(organization, { method: 'GET', path, doing }))
  const put = async (organization: Organization, path: string, doing: string, body: Call['body'] & {}): Promise<void> => {
    await call(organization, { method: 'PATCH', path, doing, body })
  }
  const identity: Dataverse['identity'] = async (organization, id) => {
    const found = await row(organization, `managedidentities(${id})?${identitySelect}`, `read the managed identity ${id}`)
    return found === undefined ? undefined : identityRow(found)
  }
  return {
    ...mailboxes(call),
    async organizationId(organization) {
      const answer = await call(organization, { method: 'GET', path: 'WhoAmI', doing: 'ask which organization this is' })
      return answer.string('OrganizationId').toLowerCase()
    },
    identity,
    async reference(organization, id) {
      const found = await row(organization, `keyvaultreferences(${id})?${referenceSelect}`, `read the key vault reference ${id}`)
      return found === undefined ? undefined : referenceRow(found)
    },
    async profiles(organization, key) {
      const found = await profiles(
        (path) => call(organization, { method: 'GET', path, doing: `read the email server profile ${key.name}` }),
        key,
      )
      return Promise.all(found.map(async (each) => withIdentity(each, (id) => identity(organization, id))))
    },
    async usersOf(organization, set, id) {
      const lookup = set === 'managedidentities' ? '_managedidentityid_value' : '_keyvaultreferenceid_value'
      const tables = set === 'managedidentities' ? ['emailserverprofile', 'keyvaultreference'] : ['emailserverprofile']
      const get = (path: string) => call(organization, { method: 'GET', path, doing: `read what uses ${set} ${id}` })
      const found = await Promise.all(
        tables.map(async (table) => {
          const rows = await pages(get, `${table}s?$filter=${encodeURIComponent(`${lookup} eq ${id}`)}&$select=${table}id`)
          return rows.map((row) => row.string(`${table}id`))
        }),
      )
      return found.flat()
    },
    putProfile: (organization, { id, ...rest }) =>
      put(organization, `emailserverprofiles(${id})`, 'write the email server profile', profileBody(rest)),
    putReference: (organization, { id, ...rest }) =>
      put(organization, `keyvaultreferences(${id})`, 'write the key vault reference', referenceBody(rest)),
    putIdentity: (organization, { id, secret, ...rest }) =>
      put(organization, `managedidentities(${id})`, 'write the managed identity', {
        ...identityBody(rest),
        ...(secret === undefined ? {} : { clientsecret: secret.reveal() }),
      }),
    async deleteRow(organization, set, id) {
      await unlessAbsent(call(organization, { method: 'DELETE', path: `${set}(${id})`, doing: `delete ${set} ${id}` }))
    },
  }
}

async function send(transport: Transport, credentials: Credentials, organization: Organization, wanted: Call): Promise<Fields> {
  const origin = organization.environmentUrl.replace(/\/+$/, '')
  const signedIn: Channel = channel(transport, credentials, organization.tenantId, { origin, scope: `${origin}/.default` })
  const asked = { service: 'dataverse', doing: wanted.doing } as const
  return asking(asked, async () => {
    const answer = await signedIn.send({
      method: wanted.method,
      url: URL.canParse(wanted.path) ? wanted.path : `${origin}/api/data/v9.2/${wanted.path}`,
      headers: {
        ...headers,
        ...(wanted.existing && { 'if-match': '*' }),
        ...(wanted.body && { 'content-type': 'application/json' }),
      },
      ...(wanted.body === undefined ? {} : { body: JSON.stringify(wanted.body) }),
    })
    return fieldsOf(answer.body === '' ? {} : JSON.parse(answer.body), 'the answer')
  })
}

type Get = (path: string) => Promise<Fields>

async function profiles(get: Get, key: { id: string; name: string }): Promise<Profile[]> {
  const filter = `emailserverprofileid eq ${key.id} or name eq ${literal(key.name)}`
  const read = async (without: readonly string[]): Promise<Profile[]> => {
    try {
      return (await pages(get, `emailserverprofiles?${profileQuery(filter, without)}`)).map((each) => profileOf(each.raw))
    } catch (error) {
      // An environment reports the columns it lacks one at a time; the others are still read.
      const lacking = error instanceof AzureError && error.status === 400 ? namedIn(error.reason, without) : []
      if (lacking.length === 0) throw error
      return read([...without, ...lacking])
    }
  }
  return read([])
}

const namedIn = (reason: string, without: readonly string[]): readonly string[] =>
  newerColumns.filter((column) => !without.includes(column) && reason.includes(column))

/** The identity that reads the vault, if the answer did not include it. */
async function withIdentity(found: Profile, read: (id: string) => Promise<Profile['identity']>): Promise<Profile> {
  if (found.identity !== undefined) return found
  for (const id of [found.profile.identityId, found.reference?.identityId]) {
    const identity = id === undefined ? undefined : await read(id)
    if (identity && identity.credentialSource !== fromKeyVault) return { ...found, identity }
  }
  return found
}
