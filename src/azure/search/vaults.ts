import { channel } from '../credentials/channel.ts'
import { asking } from '../errors/ask.ts'
import { walkThrough } from '../http/pages.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import { tenantFromChallenge, type VaultParts } from '../keyVault/connection.ts'
import type { VaultId } from '../resourceManager/port.ts'
import type { Search } from './port.ts'

type Vaults = Pick<Search, 'tenantOfVault' | 'vaultsNamed'>

/** https://learn.microsoft.com/rest/api/resources/subscriptions/list */
const subscriptionsVersion = '2022-12-01'
/** https://learn.microsoft.com/rest/api/resources/resources/list */
const resourcesVersion = '2021-04-01'

/** Nothing else is a subscription id, and anything else would change the address. */
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const searchVaults = ({ transport, credentials, cloud }: Omit<VaultParts, 'tenantOf'>): Vaults => ({
  tenantOfVault: async (vaultUri) => (await tenantFromChallenge(vaultUri, transport)).toLowerCase(),
  async vaultsNamed(tenantId, name) {
    const endpoint = cloud.resourceManager
    const signedIn = channel(transport, credentials, tenantId, { origin: endpoint, scope: `${endpoint}/.default` })
    const list = async (first: string, doing: string): Promise<Fields[]> => {
      const found: Fields[] = []
      const walk = walkThrough(doing)
      for (let url: string | undefined = first; url !== undefined; ) {
        const request = { method: 'GET', url, headers: { accept: 'application/json' } }
        const answer = await asking({ service: 'resourceManager', doing }, () => signedIn.send(request))
        const page = fieldsOf(JSON.parse(answer.body), 'the answer')
        walk.turn()
        found.push(...page.objects('value'))
        url = page.optionalString('nextLink')
      }
      return found
    }
    const listed = await list(`${endpoint}/subscriptions?api-version=${subscriptionsVersion}`, 'list the subscriptions')
    const subscriptions = listed.map((one) => one.string('subscriptionId').toLowerCase()).filter((id) => guid.test(id))
    const filter = encodeURIComponent(`resourceType eq 'Microsoft.KeyVault/vaults' and name eq '${name}'`)
    const found = await Promise.all(
      subscriptions.map((id) =>
        list(
          `${endpoint}/subscriptions/${encodeURIComponent(id)}/resources?$filter=${filter}&api-version=${resourcesVersion}`,
          `look for the vault ${name} in the subscription ${id}`,
        ),
      ),
    )
    return { subscriptions, found: found.flat().flatMap((one) => vaultId(one.string('id')) ?? []) }
  },
})

/** The parts of an ARM id, whose keywords may be in any case. */
function vaultId(id: string): VaultId | undefined {
  const pattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)$/i
  const [, subscriptionId, resourceGroup, name] = pattern.exec(id) ?? []
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) return undefined
  return { subscriptionId: subscriptionId.toLowerCase(), resourceGroup, name }
}
