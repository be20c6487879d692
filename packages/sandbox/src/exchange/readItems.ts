import { folderNamed } from './folders.ts'
import { itemElement, itemNamed, itemShape, itemsOf } from './items.ts'
import { BadRestriction, orderIn, testIn } from './restriction.ts'
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

/** Searches by words, groups, and pages other than by number. */
const unserved = ['QueryString', 'GroupBy', 'DistinguishedGroupBy', 'FractionalPageItemView', 'SeekToConditionPageItemView']

/** The newest first, unless another order is asked for, one page: https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation */
export function findItem(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = itemShape(operation, true)
  if (shape === undefined) return badShape()
  const unknown = unserved.find((name) => find(operation, name) !== undefined)
  if (unknown !== undefined) return fault('ErrorUnsupportedQueryFilter', `This sandbox finds items without ${unknown}.`)
  const messages = (find(operation, 'ParentFolderIds')?.children ?? []).map((parent) => {
    const folder = folderNamed(mailbox, parent)
    if (folder === undefined) return failedMessage('FindItemResponseMessage', 'ErrorInvalidIdMalformed', 'Id is malformed.')
    try {
      const found = sought(inFolder(server, mailbox, folder), operation)
      return done(
        'FindItem',
        page(found, operation, (item) => itemElement(mailbox, item, shape)),
      )
    } catch (error) {
      if (!(error instanceof BadRestriction)) throw error
      return failedMessage('FindItemResponseMessage', error.code, error.message)
    }
  })
  if (messages.length === 0)
    return schemaFault(`The element 'ParentFolderIds' in namespace '${messagesSpace}' has incomplete content.`)
  return answer(server, 'FindItem', messages.join(''))
}

function sought(items: readonly Item[], operation: Element): readonly Item[] {
  const [restriction, sortOrder] = [find(operation, 'Restriction'), find(operation, 'SortOrder')]
  const test = restriction === undefined ? () => true : testIn(restriction.children[0])
  const newest = items.filter(test).toReversed()
  return sortOrder === undefined ? newest : newest.toSorted(orderIn(sortOrder))
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
    const found = itemNamed(server, mailbox, attributes.Id ?? '')
    if (found !== undefined) return done('GetItem', `<m:Items>${itemElement(mailbox, found, shape)}</m:Items>`)
    const text = 'The specified object was not found in the store.'
    return failedMessage('GetItemResponseMessage', 'ErrorItemNotFound', text, '<m:Items/>')
  })
  return answer(server, 'GetItem', messages.join(''))
}
