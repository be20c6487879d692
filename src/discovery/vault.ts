import type { FoundVault, Ports } from './discovery.ts'
import { ifRead, type ReadResult, readResult, seen, unread } from './readResult.ts'
import type { Rows } from './rows.ts'

/** The vault of a profile: from its address to its tenant, and from there to its place and settings. */
export async function vaultOf({ reference }: Rows, suffix: string, ports: Ports): Promise<FoundVault> {
  const uri = await ifRead(reference, async (row) =>
    row ? addressOf(row.keyVaultUri) : unread('the profile names no key vault'),
  )
  const name = await ifRead(uri, async (address) => nameOf(address, suffix))
  const tenantId = await ifRead(name, () => ifRead(uri, (address) => readResult(ports.search.tenantOfVault(address))))
  const place = await ifRead(tenantId, (tenant) => ifRead(name, (called) => placeOf(tenant, called, ports)))
  const settings = await ifRead(place, (id) =>
    ifRead(tenantId, async (tenant) =>
      ifRead(await readResult(ports.resourceManager.vault(tenant, id)), async (vault) =>
        vault ? seen(vault) : unread(`Azure Resource Manager does not show the vault ${id.name}`),
      ),
    ),
  )
  return { uri, name, tenantId, place, settings }
}

function addressOf(text: string): ReadResult<string> {
  const address = /^https:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(address)) return unread(`the profile's Key Vault Uri is no address: ${text}`)
  return seen(new URL(address).origin)
}

function nameOf(address: string, suffix: string): ReadResult<string> {
  const { host } = new URL(address)
  const [name = '', ...rest] = host.split('.')
  if (rest.join('.') === suffix.toLowerCase() && /^[a-z][a-z0-9-]*$/.test(name)) return seen(name)
  return unread(
    `the profile's Key Vault Uri ${address} is no vault of this cloud, whose vaults end in ${suffix}`,
    'Name the cloud with --cloud, or with a configuration that says where it answers.',
  )
}

async function placeOf(tenantId: string, name: string, { search }: Ports): Promise<FoundVault['place']> {
  return ifRead(await readResult(search.vaultsNamed(tenantId, name)), async ({ found, subscriptions }) => {
    const [first] = found
    return first ? seen(first) : unread(unfound(name, tenantId, subscriptions.length), reader(name))
  })
}

const unfound = (name: string, tenantId: string, count: number): string =>
  count === 0
    ? `the signed-in identity sees no subscription of the tenant ${tenantId}`
    : `the signed-in identity sees no vault ${name} in the ${count === 1 ? 'subscription' : `${count} subscriptions`} that it sees`

const reader = (name: string): string =>
  `Give it the role Reader at the vault ${name}, or fill in what the portal shows of the vault.`
