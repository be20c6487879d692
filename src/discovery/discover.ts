import { hmaAppOf, keyVaultAppOf } from './applications.ts'
import type { Discovery, Ports } from './discovery.ts'
import { chooseProfile } from './profile.ts'
import { ifRead, type ReadResult, readResult, seen, unread } from './readResult.ts'
import { rowsOf } from './rows.ts'
import { vaultOf } from './vault.ts'

/** What the user asks for. */
export interface DiscoveryRequest {
  /** Scheme and host. */
  readonly environmentUrl: string
  /** Name or id of the profile; required if there are several. */
  readonly profile?: string
  /** The tenant of Dynamics; if left out, the environment is asked. */
  readonly tenantId?: string
  /** The suffix of vault names in this cloud. */
  readonly vaultSuffix: string
}

/**
 * Reads an existing profile and follows it to the vault, the certificate and the two registrations. Throws if there
 * is no profile; anything else that cannot be read is reported in its place. Reads only.
 */
export async function discover(wanted: DiscoveryRequest, ports: Ports): Promise<Discovery> {
  const { environmentUrl } = wanted
  const tenantId = wanted.tenantId ?? (await ports.search.tenantOfEnvironment(environmentUrl))
  const organization = { environmentUrl, tenantId }
  const { profile, hasSiblings } = chooseProfile(await ports.search.profiles(organization), wanted.profile, environmentUrl)
  const [rows, mailboxes] = await Promise.all([
    rowsOf(organization, profile, ports),
    readResult(ports.search.mailboxesOn(organization, profile.id)),
  ])
  const certificateName = await ifRead(rows.reference, async (row) => nameOf(row?.keyName))
  const [vault, hmaApp] = await Promise.all([vaultOf(rows, wanted.vaultSuffix, ports), hmaAppOf(rows, tenantId, ports)])
  const [certificate, keyVaultApp] = await Promise.all([
    ifRead(vault.name, () =>
      ifRead(vault.uri, (uri) => ifRead(certificateName, (name) => readResult(ports.keyVault.certificate(uri, name)))),
    ),
    keyVaultAppOf(rows, vault, ports),
  ])
  return { environmentUrl, tenantId, hasSiblings, rows, mailboxes, vault, certificateName, certificate, keyVaultApp, hmaApp }
}

/** An invalid certificate name is not looked up: it would become part of a path. */
function nameOf(name: string | undefined): ReadResult<string> {
  if (name === undefined || name === '') return unread('the profile names no certificate (Key Vault KeyName)')
  return /^[0-9A-Za-z-]{1,127}$/.test(name)
    ? seen(name)
    : unread(`the profile says "${name}", which no certificate can be called`)
}
