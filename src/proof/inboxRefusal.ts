import type { Diagnostics, Opening } from '../azure/exchange/port.ts'
import { failed, type Lost } from './finding.ts'
import { called, preAuthentication, redirected, wrongHost } from './inFront.ts'

export type InboxRefusal = Extract<Opening, { opened: false }>

/** What a refusal means and what helps: first who answered, then what. */
export function inboxRefusal(refused: InboxRefusal, mailbox: string, ewsUrl: string): Lost {
  const { status, code, location, responder, policy } = refused
  const { host } = new URL(ewsUrl)
  if (responder.kind === 'exchangeOnline' || policy !== undefined) return online(refused, host)
  if (code !== undefined) return byCode(code, mailbox, refused)
  if ((status >= 300 && status < 400) || status === 440) return redirected(ewsUrl, status, location)
  if (status === 401) return unauthorised(refused)
  if (status === 421) return wrongHost(host)
  if (status === 403) return forbidden(refused)
  if (status === 404) return failed(`${host} has no Exchange Web Services at this address (404).`, 'Correct exchange.ewsUrl.')
  if (responder.kind === 'device')
    return failed(`${called(responder)} answers ${status}.`, 'Check its log, and that it reaches the Exchange server.')
  return failed(
    `Exchange answers ${status}${numbers(refused)}.`,
    'Run `hma verify` again later; then ask the Exchange administrator.',
  )
}

/** What lets the Exchange administrator or Microsoft find the request. */
function numbers({ requestId, server }: InboxRefusal): string {
  const parts = [server && `server ${server}`, requestId && `request ${requestId}`].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function byCode(code: string, mailbox: string, refused: InboxRefusal): Lost {
  const { message, advice, values } = refused
  const meaning = advice?.meaning ?? message ?? 'it gives no reason'
  const primary = code === 'ErrorNonPrimarySmtpAddress' ? values.Primary : undefined
  const hint =
    primary === undefined
      ? advice?.hint
      : `Set exchange.testMailbox to ${primary}, the primary address; and correct the address of the mailbox in Dynamics.`
  const unknown = advice === undefined ? '; hma does not recognize this error' : ''
  return failed(`Exchange does not open the inbox of ${mailbox}: ${meaning} (${code})${numbers(refused)}${unknown}.`, hint)
}

function online({ policy }: Pick<InboxRefusal, 'policy'>, host: string): Lost {
  const said = policy === undefined ? '' : `: ${policy.replace(/\.$/, '')} (403)`
  return failed(`Exchange Online answers at ${host}, not Exchange Server${said}.`, wrongAddress)
}

const wrongAddress =
  'Correct exchange.ewsUrl: it must be the address of Exchange Server. Mailboxes of Exchange Online need another profile.'

function unauthorised(refused: InboxRefusal): Lost {
  const { diagnostics, challenges, responder } = refused
  if (diagnostics) return byDiagnostics(diagnostics, refused)
  const bearer = challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer')
  const schemes = challenges.map(({ scheme }) => scheme).join(', ') || 'nothing'
  if (responder.kind === 'device') return preAuthentication(schemes, responder)
  if (bearer === undefined)
    return failed(
      `Exchange asks for another kind of sign-in than a token (401, ${schemes})${numbers(refused)}.`,
      'Set-WebServicesVirtualDirectory -OAuthAuthentication $true on every server, then run iisreset.',
    )
  if (bearer.parameters.error === undefined)
    return failed(
      `Exchange received no token (401 without a reason)${numbers(refused)}: a device in front of it removes the Authorization header.`,
      'Configure the reverse proxy or load balancer in front of Exchange to pass on the Authorization header for /EWS.',
    )
  return failed(
    `Exchange does not accept the token (401)${numbers(refused)}.`,
    'Set-AuthServer "EvoSTS - <GUID>" -RefreshAuthMetadata: the server may not have Entra\'s newest keys.',
  )
}

const byCategory = new Map(
  Object.entries({
    invalid_resource:
      'Set exchange.resourceId to the address under which Exchange is published, and register it (servicePrincipalName).',
    invalid_grant:
      'Run `hma apply`: HMA-App needs full_access_as_app with admin consent. Consent takes effect after a few minutes.',
    invalid_tenant: 'Get-AuthServer | fl Name,Realm: the realm of EvoSTS must be the tenant of HMA-App, hmaApp.tenantId.',
    invalid_issuer: 'Get-AuthServer | fl Name,Realm: the realm of EvoSTS must be the tenant of HMA-App.',
    invalid_signature: 'Set-AuthServer "EvoSTS - <GUID>" -RefreshAuthMetadata: the server does not have Entra\'s newest keys.',
    invalid_lifetime: 'Check the clocks of the Exchange server and of this machine.',
    invalid_user: 'Check that the mailbox account is synchronized to Entra.',
  }),
)

/** Texts of `x-ms-diagnostics`. Its numbers are not fully documented anywhere, so the category decides. */
function byDiagnostics({ code, reason, category }: Diagnostics, refused: InboxRefusal): Lost {
  const said = `Exchange rejects the token: ${reason.replace(/\.$/, '')} (${code})${numbers(refused)}.`
  if (/'http:\/\//.test(reason))
    return failed(
      said,
      'A device in front of Exchange terminates TLS. SSL offloading is not supported: let it bridge, with HTTPS to Exchange.',
    )
  const hint = byCategory.get(category ?? '')
  return hint === undefined ? failed(`${said.replace(/\.$/, '')}; hma does not recognize this error.`) : failed(said, hint)
}

function forbidden(refused: InboxRefusal): Lost {
  const { responder } = refused
  if (responder.kind === 'device')
    return failed(
      `${called(responder)} blocks requests that carry a token (403): this one did not reach Exchange.`,
      'A web application firewall does that. Exempt /EWS from its inspection of Authorization headers and SOAP bodies.',
    )
  return failed(
    `Exchange denies access to Exchange Web Services (403)${numbers(refused)}.`,
    'Get-OrganizationConfig and Get-CASMailbox, fl Ews*: EwsEnabled must not be false; where EwsApplicationAccessPolicy is set, allow the user agents CRM/* and hma/*. Changes take effect within two hours.',
  )
}
