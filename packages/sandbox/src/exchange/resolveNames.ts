import { envelope, failedMessage, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { type Element, escapeXml, find } from './xml.ts'

/** Mailboxes whose address or name begins with the text: https://learn.microsoft.com/exchange/client-developer/web-service-reference/resolvenames-operation */
export function resolveNames(server: ExchangeServer, _mailbox: string, operation: Element): Response {
  const entry = find(operation, 'UnresolvedEntry')?.text.trim().toLowerCase() ?? ''
  if (entry === '') return schemaFault(`The '${messagesSpace}:UnresolvedEntry' element is invalid - The value '' is invalid.`)
  const wanted = entry.replace(/^smtp:/, '')
  const found = server.mailboxes.filter((address) => address.startsWith(wanted))
  const [code, text] =
    found.length > 1
      ? ['ErrorNameResolutionMultipleResults', 'Multiple results were found.']
      : ['ErrorNameResolutionNoResults', 'No results were found.']
  const body = found.length === 0 ? '' : resolutions(found)
  const message =
    found.length === 1
      ? `<m:ResolveNamesResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${body}</m:ResolveNamesResponseMessage>`
      : failedMessage('ResolveNamesResponseMessage', code ?? '', text ?? '', body).replace(
          'ResponseClass="Error"',
          found.length > 1 ? 'ResponseClass="Warning"' : 'ResponseClass="Error"',
        )
  return envelope(
    server,
    `<m:ResolveNamesResponse xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${message}</m:ResponseMessages></m:ResolveNamesResponse>`,
  )
}

const resolutions = (addresses: readonly string[]): string =>
  `<m:ResolutionSet TotalItemsInView="${addresses.length}" IncludesLastItemInRange="true">${addresses.map(resolution).join('')}</m:ResolutionSet>`

const resolution = (address: string): string =>
  `<t:Resolution><t:Mailbox><t:Name>${escapeXml(address.split('@')[0] ?? '')}</t:Name><t:EmailAddress>${escapeXml(address)}</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox></t:Resolution>`
