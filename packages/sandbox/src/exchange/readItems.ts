import { folderNamed } from './folders.ts'
import { itemElement, itemId, itemShape, itemsOf } from './items.ts'
import { envelope, failedMessage, fault, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer, Item } from './state.ts'
import { type Element, find } from './xml.ts'

const answer = (server: ExchangeServer, operation: string, messages: string): Response =>
  envelope(
    server,
    `<m:${operation}Response xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${messages}</m:ResponseMessages></m:${operation}Response>`,
  )

const done = (operation: string, content: string): string =>
  `<m:${operation}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:${operation}ResponseMessage>`

const badShape = (): Response => schemaFault(`The '${messagesSpace}:BaseShape' element is invalid.`)

const inFolder = (server: ExchangeServer, mailbox: string, folder: string): readonly Item[] =>
  itemsOf(server, mailbox).filter((item) => item.folder === folder)

/** One page, newest first: https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation */
export function findItem(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = itemShape(operation, true)
  if (shape === undefined) return badShape()
  const unknown = ['Restriction', 'QueryString', 'SortOrder', 'GroupBy'].find((name) => find(operation, name) !== undefined)
  if (unknown !== undefined) return fault('ErrorUnsupportedQueryFilter', `This sandbox finds items without ${unknown}.`)
  const messages = (find(operation, 'ParentFolderIds')?.children ?? []).map((parent) => {
    const folder = folderNamed(mailbox, parent)
    if (folder === undefined) return failedMessage('FindItemResponseMessage', 'ErrorInvalidIdMalformed', 'Id is malformed.')
    return done(
      'FindItem',
      page(inFolder(server, mailbox, folder).toReversed(), operation, (item) => itemElement(mailbox, item, shape)),
    )
  })
  if (messages.length === 0)
    return schemaFault(`The element 'ParentFolderIds' in namespace '${messagesSpace}' has incomplete content.`)
  return answer(server, 'FindItem', messages.join(''))
}

function page(items: readonly Item[], operation: Element, show: (item: Item) => string): string {
  const { Offset = '0', MaxEntriesReturned = '1000', BasePoint } = find(operation, 'IndexedPageItemView')?.attributes ?? {}
  const ordered = BasePoint === 'End' ? items.toReversed() : items
  const next = Number(Offset) + Number(MaxEntriesReturned)
  const shown = ordered.slice(Number(Offset), next)
  const last = next >= ordered.length
  return `<m:RootFolder IndexedPagingOffset="${Math.min(next, ordered.length)}" TotalItemsInView="${items.length}" IncludesLastItemInRange="${last}"><t:Items>${shown.map(show).join('')}</t:Items></m:RootFolder>`
}

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation */
export function getItem(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = itemShape(operation, false)
  if (shape === undefined) return badShape()
  const messages = (find(operation, 'ItemIds')?.children ?? []).map(({ attributes }) => {
    const found = itemsOf(server, mailbox).find((item) => itemId(mailbox, item) === attributes.Id)
    if (found !== undefined) return done('GetItem', `<m:Items>${itemElement(mailbox, found, shape)}</m:Items>`)
    const text = 'The specified object was not found in the store.'
    return failedMessage('GetItemResponseMessage', 'ErrorItemNotFound', text, '<m:Items/>')
  })
  return answer(server, 'GetItem', messages.join(''))
}

/**
 * What has come into a folder since a state; nothing is changed or deleted in this sandbox.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
 */
export function syncFolderItems(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = itemShape(operation, true)
  if (shape === undefined) return badShape()
  const [asked] = find(operation, 'SyncFolderId')?.children ?? []
  const folder = asked && folderNamed(mailbox, asked)
  const from = stateIn(find(operation, 'SyncState')?.text.trim() ?? '', folder)
  const most = Number(find(operation, 'MaxChangesReturned')?.text ?? '')
  if (!(most >= 1 && most <= 512)) return schemaFault(`The '${messagesSpace}:MaxChangesReturned' element is invalid.`)
  const failed = (code: string, text: string): Response =>
    answer(server, 'SyncFolderItems', failedMessage('SyncFolderItemsResponseMessage', code, text))
  if (folder === undefined) return failed('ErrorInvalidIdMalformed', 'Id is malformed.')
  if (from === undefined)
    return failed('ErrorInvalidSyncStateData', 'Synchronization state data is corrupt or otherwise invalid.')
  const newer = inFolder(server, mailbox, folder).filter(({ number }) => number > from)
  const shown = newer.slice(0, most)
  const changes = shown.map((item) => `<t:Create>${itemElement(mailbox, item, shape)}</t:Create>`).join('')
  const state = stateOf(folder, shown.at(-1)?.number ?? from)
  const body = `<m:SyncState>${state}</m:SyncState><m:IncludesLastItemInRange>${newer.length <= most}</m:IncludesLastItemInRange><m:Changes>${changes}</m:Changes>`
  return answer(server, 'SyncFolderItems', done('SyncFolderItems', body))
}

const stateOf = (folder: string, number: number): string => Buffer.from(`${folder}:${number}`).toString('base64')

/** The number of the last item that the client has; undefined if the state belongs to another folder or was never issued. */
function stateIn(text: string, folder: string | undefined): number | undefined {
  if (text === '') return 0
  const [, of, number] = /^(\w+):(\d+)$/.exec(Buffer.from(text, 'base64').toString('utf8')) ?? []
  return of === folder && number !== undefined ? Number(number) : undefined
}
