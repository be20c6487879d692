import { fault } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { type Element, escapeXml, find } from './xml.ts'

/**
 * The mailbox named by the request's ExchangeImpersonation header, or the fault if it is missing or wrong. A token of
 * an application represents no user, so the header is mandatory:
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-add-exchange-impersonation-headers
 */
export function impersonated(server: ExchangeServer, header: Element | undefined): string | Response {
  const impersonation = find(header, 'ExchangeImpersonation')
  if (impersonation === undefined) {
    const message = 'ExchangeImpersonation SOAP header must be present for this type of OAuth token.'
    return fault('ErrorInvalidExchangeImpersonationHeaderData', message)
  }
  const [identity, ...others] = find(impersonation, 'ConnectingSID')?.children ?? []
  const address = identity?.text.trim().toLowerCase() ?? ''
  if (identity === undefined || others.length > 0 || address === '')
    return fault('ErrorInvalidExchangeImpersonationHeaderData', 'The Exchange Impersonation header is invalid.')
  if (identity.name === 'PrincipalName' && !address.includes('@'))
    return fault('ErrorInvalidUserPrincipalName', 'The user principal name (UPN) is not valid.')
  if (!server.mailboxes.includes(address)) return nonExistent(address)
  if (server.outOfScope.includes(address))
    return fault('ErrorImpersonateUserDenied', 'The account does not have permission to impersonate the requested user.')
  return address
}

const nonExistent = (address: string): Response =>
  fault(
    'ErrorNonExistentMailbox',
    'The SMTP address has no mailbox associated with it.',
    `<t:Value Name="SmtpAddress">${escapeXml(address)}</t:Value>`,
  )
