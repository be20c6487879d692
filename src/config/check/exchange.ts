import { isOrigin, parseHttps } from '../origin.ts'
import { type Draft, pointer, type SemanticProblem } from './draft.ts'

export function ewsIsAnAddress(draft: Draft): SemanticProblem[] {
  const address = draft.text('exchange', 'ewsUrl')
  if (address === undefined) return []
  const url = parseHttps(address)
  const at = pointer('exchange', 'ewsUrl')
  const hint = 'Like https://mail.contoso.com/EWS/Exchange.asmx.'
  if (url?.username !== '' || url.password !== '')
    return [{ pointer: at, message: 'exchange.ewsUrl must be an address that starts with https://, with no user in it.', hint }]
  if (url.pathname !== '/') return []
  return [
    { severity: 'warning', pointer: at, message: 'exchange.ewsUrl has no path: Exchange answers at /EWS/Exchange.asmx.', hint },
  ]
}

/** A token that opens every mailbox goes to ewsUrl: one changed line must not redirect it. */
export function ewsHostIsTheResources(draft: Draft): SemanticProblem[] {
  const [address, resource] = [draft.text('exchange', 'ewsUrl'), draft.text('exchange', 'resourceId')].map((text) =>
    text === undefined ? undefined : parseHttps(text),
  )
  if (!address || !resource || address.hostname === resource.hostname || draft.flag('exchange', 'trustEwsHost')) return []
  return [
    {
      pointer: pointer('exchange', 'ewsUrl'),
      message: 'exchange.ewsUrl and exchange.resourceId name different hosts.',
      hint: 'The token that opens the mailboxes is sent to ewsUrl. If that host is yours, set exchange.trustEwsHost: true.',
    },
  ]
}

/** Where Exchange Online answers (https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-endpoints). */
const online = /(^|\.)(outlook\.office(365)?\.com|outlook(-dod)?\.office365\.us|partner\.outlook\.cn|outlook\.com)$/

export function exchangeIsYourOwn(draft: Draft): SemanticProblem[] {
  return ['ewsUrl', 'resourceId'].flatMap((key) => {
    const host = parseHttps(draft.text('exchange', key) ?? '')?.hostname
    if (host === undefined || !online.test(host)) return []
    const message = `exchange.${key} is an address of Exchange Online, which does not use Hybrid Modern Authentication.`
    const hint = 'Use the address of your own Exchange Server, like https://mail.contoso.com/EWS/Exchange.asmx.'
    return [{ severity: 'warning' as const, pointer: pointer('exchange', key), message, hint }]
  })
}

export function resourceIsAHost(draft: Draft): SemanticProblem[] {
  const address = draft.text('exchange', 'resourceId')
  if (address === undefined) return []
  const at = pointer('exchange', 'resourceId')
  const hint = 'It must equal a service principal name of Exchange in Entra, which is scheme and host: https://mail.contoso.com.'
  const url = parseHttps(address)
  if (!url) return [{ pointer: at, message: 'exchange.resourceId must be scheme and host, with https.', hint }]
  if (isOrigin(url)) return []
  return [{ severity: 'warning', pointer: at, message: 'exchange.resourceId is usually scheme and host alone.', hint }]
}
