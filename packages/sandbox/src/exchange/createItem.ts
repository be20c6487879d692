import { folderNamed } from './folders.ts'
import { idElement, keep } from './items.ts'
import { envelope, failedMessage, fault, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer, Item } from './state.ts'
import { type Element, find } from './xml.ts'

const dispositions = ['SaveOnly', 'SendOnly', 'SendAndSaveCopy']

/** Messages that are kept as drafts, or sent: https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation */
export function createItem(server: ExchangeServer, mailbox: string, operation: Element, now: Date): Response {
  const disposition = operation.attributes.MessageDisposition ?? ''
  const items = find(operation, 'Items')?.children ?? []
  if (!dispositions.includes(disposition))
    return schemaFault(`The 'MessageDisposition' attribute is invalid - The value '${disposition}' is invalid.`)
  if (items.length === 0) return schemaFault(`The element 'Items' in namespace '${messagesSpace}' has incomplete content.`)
  const other = items.find(({ name }) => name !== 'Message')
  if (other !== undefined) return fault('ErrorInvalidRequest', `The request is invalid: this sandbox creates no ${other.name}.`)
  const [saved] = find(operation, 'SavedItemFolderId')?.children ?? []
  const folder = saved === undefined ? undefined : folderNamed(mailbox, saved)
  const messages = items.map((element) => {
    if (saved !== undefined && folder === undefined) return failed('ErrorInvalidIdMalformed', 'Id is malformed.')
    return created(server, mailbox, { ...messageIn(mailbox, element, now), disposition, folder })
  })
  return envelope(
    server,
    `<m:CreateItemResponse xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${messages.join('')}</m:ResponseMessages></m:CreateItemResponse>`,
  )
}

type Message = Omit<Item, 'number' | 'folder' | 'draft'>

function messageIn(mailbox: string, element: Element, now: Date): Message {
  const text = (name: string): string => find(element, name)?.text ?? ''
  const addresses = ['ToRecipients', 'CcRecipients', 'BccRecipients'].flatMap((name) => find(element, name)?.children ?? [])
  return {
    subject: text('Subject'),
    body: text('Body'),
    bodyType: find(element, 'Body')?.attributes.BodyType === 'HTML' ? 'HTML' : 'Text',
    to: addresses.map((one) => find(one, 'EmailAddress')?.text.trim().toLowerCase() ?? '').filter((address) => address !== ''),
    from: mailbox,
    at: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    read: text('IsRead').trim() === 'true',
  }
}

/** A message that is sent arrives at once if the organization has the mailbox. The answer names an id only for a saved draft. */
function created(
  server: ExchangeServer,
  mailbox: string,
  { disposition, folder, ...message }: Message & { disposition: string; folder: string | undefined },
): string {
  const sends = disposition !== 'SaveOnly'
  if (sends && message.to.length === 0) return failed('ErrorInvalidRecipients', 'At least one recipient isn’t valid.')
  if (!sends) return done(idOf(mailbox, keep(server, mailbox, { ...message, folder: folder ?? 'drafts', draft: true })))
  if (disposition === 'SendAndSaveCopy')
    keep(server, mailbox, { ...message, folder: folder ?? 'sentitems', draft: false, read: true })
  for (const address of message.to.filter((one) => server.mailboxes.includes(one)))
    keep(server, address, { ...message, folder: 'inbox', draft: false, read: false })
  return done('<m:Items/>')
}

const idOf = (mailbox: string, item: Item): string => `<m:Items><t:Message>${idElement(mailbox, item)}</t:Message></m:Items>`

const done = (items: string): string =>
  `<m:CreateItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${items}</m:CreateItemResponseMessage>`

const failed = (code: string, text: string): string => failedMessage('CreateItemResponseMessage', code, text, '<m:Items/>')
