import type { World } from '../azure.ts'
import { hostName, serverAt } from './server.ts'

/** What an EWS client is configured with: the URL, the resource and the tenant. */
export interface Client {
  readonly ewsUrl: string
  readonly resourceId: string
  readonly tenantId: string
}

/** Why an application with full_access_as_app cannot open that mailbox over EWS, with the HTTP status; undefined if it can. */
export function mailboxAnswer(world: World, client: Client, address: string): { status: number; detail: string } | undefined {
  const server = serverAt(world.exchange, client.ewsUrl)
  if (server === undefined) return { status: 0, detail: `HostNotFound: there is no Exchange server at ${client.ewsUrl}.` }
  const { tls = 'fine' } = server
  if (tls !== 'fine' && tls !== 'expiring')
    return { status: 0, detail: `The handshake with ${hostName(client.ewsUrl)} failed: ${handshakes[tls]}.` }
  if (new URL(client.ewsUrl).pathname.toLowerCase() !== '/ews/exchange.asmx')
    return { status: 404, detail: `${client.ewsUrl} is not an address of EWS.` }
  if (server.preAuthentication !== 'none')
    return { status: 302, detail: 'A device in front of Exchange asks for a sign-in of its own.' }
  if (!server.oauthEnabled) return { status: 401, detail: 'OAuth is off on the EWS virtual directory.' }
  if (server.sslOffload || hostName(client.resourceId) !== hostName(server.resourceId))
    return { status: 401, detail: `The audience ${client.resourceId} is not that of the server.` }
  if (client.tenantId.toLowerCase() !== server.trustedTenantId.toLowerCase())
    return { status: 401, detail: `Exchange does not trust the tenant ${client.tenantId}.` }
  if (!server.ewsEnabled) return { status: 403, detail: 'Http server returned Forbidden exception.' }
  return mailboxProblem(server.mailboxes, server.outOfScope, address)
}

const handshakes = {
  untrusted: 'its certificate is not of a trusted authority',
  expired: 'its certificate has expired',
  wrongName: 'its certificate is for another name',
  refused: 'the connection was cut',
} as const

function mailboxProblem(
  mailboxes: readonly string[],
  outOfScope: readonly string[],
  address: string,
): { status: number; detail: string } | undefined {
  if (!mailboxes.includes(address.toLowerCase()))
    return { status: 200, detail: `The SMTP address ${address} has no mailbox associated with it.` }
  if (outOfScope.includes(address.toLowerCase()))
    return { status: 500, detail: 'The account does not have permission to impersonate the requested user.' }
  return undefined
}
