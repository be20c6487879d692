import type { Cloud } from '../cloud.ts'
import { channel } from '../credentials/channel.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { listOfTexts, payloadOf, textIn, untilOf } from '../credentials/tokens.ts'
import { literal } from '../dataverse/call.ts'
import { asking } from '../errors/ask.ts'
import { AzureError } from '../errors/azureError.ts'
import { walkThrough } from '../http/pages.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import type { Identity, Inspection, Permission } from './port.ts'

interface Parts {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly cloud: Cloud
}

/** Long enough for a slow proxy, short enough for an interactive command. */
const patience = { limit: 10_000 }

export const inspectionClient = ({ transport, credentials, cloud }: Parts): Inspection => {
  const get = async (tenantId: string, origin: string, url: string): Promise<Fields> => {
    const signedIn = channel(transport, credentials, tenantId, { origin, scope: `${origin}/.default` })
    const answer = await signedIn.send({ method: 'GET', url, headers: { accept: 'application/json' }, retryLimits: patience })
    return fieldsOf(JSON.parse(answer.body), 'the answer')
  }
  return {
    async identity(tenantId) {
      const given = await credentials.forTenant(tenantId).getToken(`${cloud.graph}/.default`)
      return identityIn(given?.token ?? '')
    },
    permissions: (tenantId, scope) =>
      asking({ service: 'resourceManager', doing: `ask what may be done at ${scope}` }, async () => {
        const found: Permission[] = []
        const walk = walkThrough('read the permissions')
        const first = `${cloud.resourceManager}${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`
        for (let url: string | undefined = first; url !== undefined; ) {
          const page: Fields = await get(tenantId, cloud.resourceManager, url)
          walk.turn()
          found.push(...page.objects('value').map(permissionOf))
          url = page.optionalString('nextLink')
        }
        return found
      }),
    privileges: (organization, names) =>
      asking({ service: 'dataverse', doing: 'ask what the application user may do' }, async () => {
        const { environmentUrl, tenantId } = organization
        const root = `${environmentUrl}/api/data/v9.2`
        const user = (await get(tenantId, environmentUrl, `${root}/WhoAmI`)).string('UserId')
        const asked = (what: string, path: string) =>
          asking({ service: 'dataverse', doing: what }, () => get(tenantId, environmentUrl, `${root}/${path}`))
        const held = async (name: string): Promise<boolean | undefined> => {
          const question = `RetrieveUserPrivilegeByPrivilegeName(PrivilegeName=${literal(name)})`
          const answer = await asked(`ask for ${name}`, `systemusers(${user})/Microsoft.Dynamics.CRM.${question}`).catch(
            undefinedIfUnavailable,
          )
          if (answer) return answer.objects('RolePrivileges').length > 0
          // An identity that may not ask may still be able to read.
          const [, table] = /^prvRead(EmailServerProfile|KeyVaultReference|ManagedIdentity)$/.exec(name) ?? []
          return table === undefined ? undefined : readable(asked(`read ${table}`, `${sets[table]}?$top=1`))
        }
        return new Map(await Promise.all(names.map(async (name) => [name, await held(name)] as const)))
      }),
    reach: (service, url) =>
      asking({ service, doing: `reach ${new URL(url).host}` }, async () => {
        await transport.send({ method: 'GET', url, headers: {}, replay: 'never', retryLimits: patience })
      }),
  }
}

const unavailableStatuses: readonly (number | undefined)[] = [400, 403, 404, 405, 501]

/** The environment lacks the function, or refuses it to this caller. */
function undefinedIfUnavailable(error: unknown): undefined {
  if (error instanceof AzureError && unavailableStatuses.includes(error.status)) return undefined
  throw error
}

const sets: Readonly<Record<string, string>> = {
  EmailServerProfile: 'emailserverprofiles',
  KeyVaultReference: 'keyvaultreferences',
  ManagedIdentity: 'managedidentities',
}

const readable = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    (error: unknown) => {
      if (error instanceof AzureError && error.status === 403) return false
      throw error
    },
  )

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
function identityIn(token: string): Identity {
  const claims = payloadOf(token)
  const text = (name: string): string | undefined => textIn(claims, name)
  const isPerson = text('idtyp') !== 'app' && (text('scp') !== undefined || text('upn') !== undefined)
  const application = text('appid') ?? text('azp')
  return {
    type: isPerson ? 'person' : 'application',
    objectId: text('oid'),
    name: (isPerson ? (text('upn') ?? text('unique_name') ?? text('preferred_username')) : application) ?? 'unknown',
    until: untilOf(claims),
    permissions: listOfTexts(claims, 'roles') ?? [],
    directoryRoles: listOfTexts(claims, 'wids'),
  }
}

const permissionOf = (from: Fields): Permission => {
  const texts = (name: string): readonly string[] => listOfTexts(from.raw, name) ?? []
  return {
    actions: texts('actions'),
    notActions: texts('notActions'),
    dataActions: texts('dataActions'),
    notDataActions: texts('notDataActions'),
  }
}
