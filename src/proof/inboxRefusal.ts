import type { Diagnostics, Opening } from '../azure/exchange/port.ts'
import { inFront } from './challenge.ts'
import { failed, type Lost } from './finding.ts'

export type Refusal = Extract<Opening, { opened: false }>

/** What a refusal of Exchange means, and what helps. */
export function refusal(refused: Refusal, mailbox: string, ewsUrl: string): Lost {
  const { status, code, location, policy, message } = refused
  const { host } = new URL(ewsUrl)
  if (code !== undefined) return byCode(code, message, mailbox, refused)
  if ((status >= 300 && status < 400) || status === 440) return inFront(host, status, location)
  if (status === 401) return unauthorised(refused, host)
  if (status === 403) return forbidden(policy, refused)
  if (status === 404) return failed(`${host} knows no Exchange Web Services there (404).`, 'Correct exchange.ewsUrl.')
  return failed(
    `Exchange answers ${status}${numbers(refused)}.`,
    'Run `hma verify` again later; then ask the Exchange administrator.',
  )
}

/** By what the Exchange administrator, or Microsoft, finds the request again. */
function numbers({ requestId, server }: Refusal): string {
  const parts = [server && `server ${server}`, requestId && `request ${requestId}`].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

interface Advice {
  readonly meaning: string
  readonly hint: string
}

/** Of https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode. */
const byResponseCode = new Map<string, Advice>(
  Object.entries({
    ErrorImpersonateUserDenied: {
      meaning: 'HMA-App may not act for this mailbox',
      hint: 'A management scope leaves the mailbox out: widen the filter of exchange.mailboxScope and run its script, or choose another testMailbox.',
    },
    ErrorImpersonationDenied: {
      meaning: 'HMA-App may not act for anybody on this server',
      hint: 'Give it ApplicationImpersonation: New-ManagementRoleAssignment -Role ApplicationImpersonation (exchange.mailboxScope writes the script).',
    },
    ErrorImpersonationFailed: {
      meaning: 'the mailbox could not be looked up to act for it',
      hint: 'Check that the account of the mailbox is enabled and synchronised, then the health of Active Directory as Exchange sees it.',
    },
    ErrorNonExistentMailbox: {
      meaning: 'there is no such mailbox on this Exchange Server',
      hint: 'Check the address. A mailbox that was moved to Exchange Online needs the profile for Exchange Online, not this one.',
    },
    ErrorInvalidUserPrincipalName: { meaning: 'the address is not valid', hint: 'Correct exchange.testMailbox.' },
    ErrorInvalidExchangeImpersonationHeaderData: { meaning: 'the address is not valid', hint: 'Correct exchange.testMailbox.' },
    ErrorInvalidServerVersion: {
      meaning: 'the server is older than Exchange 2013 SP1',
      hint: 'Hybrid Modern Authentication needs 2013 CU19, 2016 CU8, 2019 CU1 or SE at least.',
    },
    ErrorNoRespondingCASInDestinationSite: {
      meaning: 'no server in the site of the mailbox answers',
      hint: 'Check the Client Access services of the site that holds the mailbox.',
    },
    ErrorProxyRequestNotAllowed: {
      meaning: 'the server may not pass the request on to that of the mailbox',
      hint: 'Check the ExternalUrl and InternalUrl of the EWS virtual directories in both sites.',
    },
    ErrorMailboxMoveInProgress: {
      meaning: 'the mailbox is being moved',
      hint: 'Run `hma verify` again when the move has ended.',
    },
    ErrorMailboxStoreUnavailable: {
      meaning: 'the database of the mailbox is not mounted',
      hint: 'Mount it (Mount-Database), then run `hma verify` again.',
    },
  }),
)

function byCode(code: string, message: string | undefined, mailbox: string, refused: Refusal): Lost {
  const { meaning, hint } = byResponseCode.get(code) ?? {
    meaning: message ?? 'it gives no reason',
    hint: `Look up ${code} in Microsoft's list of EWS response codes, then ask the Exchange administrator.`,
  }
  return failed(`Exchange does not open the inbox of ${mailbox}: ${meaning} (${code})${numbers(refused)}.`, hint)
}

function unauthorised(refused: Refusal, host: string): Lost {
  const { diagnostics, challenges } = refused
  if (diagnostics) return byDiagnostics(diagnostics, refused)
  if (!challenges.some(({ scheme }) => scheme.toLowerCase() === 'bearer'))
    return failed(
      `${host} wants another sign-in than a token (401 without a Bearer challenge)${numbers(refused)}.`,
      'Set-WebServicesVirtualDirectory -OAuthAuthentication $true; and publish /EWS without pre-authentication.',
    )
  return failed(
    `Exchange does not take the token (401)${numbers(refused)}.`,
    'Set-AuthServer "EvoSTS - <GUID>" -RefreshAuthMetadata: the server may not know the newest keys of Entra.',
  )
}

const byCategory = new Map(
  Object.entries({
    invalid_resource:
      'Set exchange.resourceId to the address under which Exchange is published, and register it (servicePrincipalName).',
    invalid_grant: 'Run `hma apply`: HMA-App needs full_access_as_app with admin consent. A consent counts after some minutes.',
    invalid_issuer: 'Get-AuthServer | fl Name,Realm: the realm of EvoSTS has to be the tenant of HMA-App.',
    invalid_signature:
      'Set-AuthServer "EvoSTS - <GUID>" -RefreshAuthMetadata: the server does not know the newest keys of Entra.',
    invalid_lifetime: 'Check the clocks of the Exchange server and of this machine.',
    invalid_user: 'Check that the account of the mailbox is synchronised to Entra.',
  }),
)

/** Of the texts of `x-ms-diagnostics`; its numbers are documented nowhere in full, so that the category decides. */
function byDiagnostics({ code, reason, category }: Diagnostics, refused: Refusal): Lost {
  const said = `Exchange does not take the token: ${reason.replace(/\.$/, '')} (${code})${numbers(refused)}.`
  if (/'http:\/\//.test(reason))
    return failed(
      said,
      'A device before Exchange ends TLS. SSL offloading is not supported: let it bridge, with HTTPS to Exchange.',
    )
  return failed(
    said,
    byCategory.get(category ?? '') ??
      'Set-AuthServer "EvoSTS - <GUID>" -RefreshAuthMetadata, then ask the Exchange administrator.',
  )
}

function forbidden(policy: string | undefined, refused: Refusal): Lost {
  if (policy !== undefined)
    return failed(
      `Exchange Online answered, not Exchange Server: ${policy.replace(/\.$/, '')} (403).`,
      'Correct exchange.ewsUrl: it has to be the address of Exchange Server. Mailboxes of Exchange Online need another profile.',
    )
  return failed(
    `Exchange refuses Exchange Web Services (403)${numbers(refused)}.`,
    'Get-OrganizationConfig and Get-CASMailbox, fl Ews*: EwsEnabled must not be false; where EwsApplicationAccessPolicy is set, allow the user agents CRM/* and hma/*. Changes take up to two hours.',
  )
}
