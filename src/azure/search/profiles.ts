import { HmaError } from '../../core/errors.ts'
import { channel } from '../credentials/channel.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { pages } from '../dataverse/call.ts'
import type { Organization } from '../dataverse/port.ts'
import { profileOf } from '../dataverse/rows.ts'
import { asking } from '../errors/ask.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import type { Search } from './port.ts'

type Profiles = Pick<Search, 'tenantOfEnvironment' | 'profiles' | 'referenceOfIdentity' | 'mailboxesOn'>

/** Reads one path below `/api/data/v9.2/`, or a full URL of the environment. */
type Get = (organization: Organization, path: string, doing: string) => Promise<Fields>

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors */
const headers = {
  accept: 'application/json',
  'odata-maxversion': '4.0',
  'odata-version': '4.0',
  'if-none-match': 'null',
} as const

export function searchProfiles(transport: Transport, credentials: Credentials): Profiles {
  const get = reading(transport, credentials)
  return {
    tenantOfEnvironment: (environmentUrl) => tenantFromChallenge(environmentUrl, transport),
    async profiles(organization) {
      // Without $select: an environment may lack newer columns, and naming one of them is an error.
      const read = (path: string) => get(organization, path, 'read the email server profiles')
      return (await pages(read, 'emailserverprofiles')).map((each) => profileOf(each.raw).profile)
    },
    async referenceOfIdentity(organization, id) {
      const path = `managedidentities(${id})?$select=_keyvaultreferenceid_value`
      const found = await get(organization, path, `read which key vault reference the managed identity ${id} has`)
      return found.optionalString('_keyvaultreferenceid_value')
    },
    async mailboxesOn(organization, profileId) {
      const path = `mailboxes?$filter=_emailserverprofile_value%20eq%20${profileId}&$select=emailaddress`
      const found = await pages((next) => get(organization, next, 'read which mailboxes are on the profile'), path)
      return found.flatMap((each) => each.optionalString('emailaddress') ?? []).sort()
    },
  }
}

const reading =
  (transport: Transport, credentials: Credentials): Get =>
  (organization, path, doing) => {
    const origin = organization.environmentUrl
    const signedIn = channel(transport, credentials, organization.tenantId, { origin, scope: `${origin}/.default` })
    const url = path.startsWith(`${origin}/`) ? path : `${origin}/api/data/v9.2/${path}`
    return asking({ service: 'dataverse', doing }, async () =>
      fieldsOf(JSON.parse((await signedIn.send({ method: 'GET', url, headers })).body), 'the answer'),
    )
  }

/**
 * An unsigned request: the refusal says where tokens come from, and so in which tenant the environment is
 * (https://learn.microsoft.com/power-apps/developer/data-platform/authenticate-oauth).
 */
async function tenantFromChallenge(environmentUrl: string, transport: Transport): Promise<string> {
  const request = { method: 'GET', url: `${environmentUrl}/api/data/v9.2/WhoAmI`, headers }
  const asked = { service: 'dataverse', doing: `ask ${environmentUrl} for its tenant` } as const
  const answer = await asking(asked, () => transport.send(request))
  const challenge = answer.headers['www-authenticate'] ?? ''
  const tenantId = /authorization_uri="?https:\/\/[^/",]+\/([0-9a-f]{8}-[0-9a-f-]{27})\b/i.exec(challenge)?.[1]
  if (tenantId !== undefined) return tenantId.toLowerCase()
  throw new HmaError('HMA203', `${environmentUrl} does not say which tenant it belongs to (it answered ${answer.status})`, {
    hint: 'Check the address: scheme and host of the environment, as the browser shows them. Or name the tenant with --tenant.',
  })
}
