import { changeItem, dropItem, idElement, itemNamed, keep } from './items.ts'
import { envelope, failedMessage, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer, Item } from './state.ts'
import { type Element, find } from './xml.ts'

const answer = (server: ExchangeServer, operation: string, messages: readonly string[]): Response =>
  envelope(
    server,
    `<m:${operation}Response xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${messages.join('')}</m:ResponseMessages></m:${operation}Response>`,
  )

const done = (operation: string, content = ''): string =>
  `<m:${operation}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:${operation}ResponseMessage>`

const notFound = (operation: string, more = ''): string =>
  failedMessage(`${operation}ResponseMessage`, 'ErrorItemNotFound', 'The specified object was not found in the store.', more)

/** The folder that a deleted item moves to; undefined if it is deleted permanently. */
const places: Readonly<Record<string, string | undefined>> = {
  HardDelete: undefined,
  SoftDelete: 'recoverableitemsdeletions',
  MoveToDeletedItems: 'deleteditems',
}

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation; a moved item has another id */
export function deleteItem(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const type = operation.attributes.DeleteType ?? ''
  const ids = find(operation, 'ItemIds')?.children ?? []
  if (!Object.hasOwn(places, type)) return schemaFault(`The 'DeleteType' attribute is invalid - The value '${type}' is invalid.`)
  if (ids.length === 0) return schemaFault(`The element 'ItemIds' in namespace '${messagesSpace}' has incomplete content.`)
  const messages = ids.map(({ attributes }) => {
    const item = itemNamed(server, mailbox, attributes.Id ?? '')
    if (item === undefined) return notFound('DeleteItem')
    dropItem(server, mailbox, item)
    const folder = places[type]
    if (folder !== undefined && folder !== item.folder) keep(server, mailbox, { ...item, folder })
    return done('DeleteItem')
  })
  return answer(server, 'DeleteItem', messages)
}

/** The properties of a message that a client may change, by the names of their elements. */
const changeable: Readonly<Record<string, (value: Element) => Partial<Item>>> = {
  'item:Subject': (value) => ({ subject: find(value, 'Subject')?.text ?? '' }),
  'item:Body': (value) => ({
    body: find(value, 'Body')?.text ?? '',
    bodyType: find(value, 'Body')?.attributes.BodyType === 'HTML' ? 'HTML' : 'Text',
  }),
  'message:IsRead': (value) => ({ read: find(value, 'IsRead')?.text.trim() === 'true' }),
}

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation-message */
export function updateItem(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const changes = find(operation, 'ItemChanges')?.children ?? []
  const { ConflictResolution = '' } = operation.attributes
  if (!['NeverOverwrite', 'AutoResolve', 'AlwaysOverwrite'].includes(ConflictResolution))
    return schemaFault(`The 'ConflictResolution' attribute is invalid - The value '${ConflictResolution}' is invalid.`)
  if (changes.length === 0)
    return schemaFault(`The element 'ItemChanges' in namespace '${messagesSpace}' has incomplete content.`)
  return answer(
    server,
    'UpdateItem',
    changes.map((change) => updated(server, mailbox, change)),
  )
}

const failed = (code: string, text: string): string => failedMessage('UpdateItemResponseMessage', code, text, '<m:Items/>')

function updated(server: ExchangeServer, mailbox: string, change: Element): string {
  const item = itemNamed(server, mailbox, find(change, 'ItemId')?.attributes.Id ?? '')
  if (item === undefined) return notFound('UpdateItem', '<m:Items/>')
  const changes: Partial<Item>[] = []
  for (const update of find(change, 'Updates')?.children ?? []) {
    const read = changeable[find(update, 'FieldURI')?.attributes.FieldURI ?? '']
    const value = find(update, 'Message')
    if (update.name !== 'SetItemField' || read === undefined || value === undefined)
      return failed('ErrorInvalidPropertySet', 'Set action is invalid for property.')
    changes.push(read(value))
  }
  const next = changeItem(server, mailbox, item, Object.assign({}, ...changes))
  const shown = `<m:Items><t:Message>${idElement(mailbox, next)}</t:Message></m:Items>`
  return done('UpdateItem', `${shown}<m:ConflictResults><t:Count>0</t:Count></m:ConflictResults>`)
}
