import { folderElement, folderNamed, isShape, shapeIn, visible } from './folders.ts'
import { itemsOf } from './items.ts'
import { envelope, failedMessage, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { type Element, find } from './xml.ts'

/** The folders below a folder: https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation */
export function findFolder(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = shapeIn(operation)
  if (!isShape(shape))
    return schemaFault(`The '${messagesSpace}:BaseShape' element is invalid - The value '${shape.base}' is invalid.`)
  const parents = find(operation, 'ParentFolderIds')?.children ?? []
  if (parents.length === 0)
    return schemaFault(`The element 'ParentFolderIds' in namespace '${messagesSpace}' has incomplete content.`)
  const messages = parents.map((parent) => {
    const name = folderNamed(mailbox, parent)
    if (name === undefined) return failedMessage('FindFolderResponseMessage', 'ErrorInvalidIdMalformed', 'Id is malformed.')
    return page(below(name, operation), operation, (one) => folderElement(mailbox, one, shape, itemsOf(server, mailbox)))
  })
  return envelope(
    server,
    `<m:FindFolderResponse xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${messages.join('')}</m:ResponseMessages></m:FindFolderResponse>`,
  )
}

function below(name: string, { attributes }: Element): readonly string[] {
  if (name === 'msgfolderroot') return visible
  if (name !== 'root') return []
  const top = ['msgfolderroot', 'searchfolders']
  return attributes.Traversal === 'Deep' ? [...top, ...visible] : top
}

function page(names: readonly string[], operation: Element, show: (name: string) => string): string {
  const { Offset = '0', MaxEntriesReturned = '1000', BasePoint } = find(operation, 'IndexedPageFolderView')?.attributes ?? {}
  const ordered = BasePoint === 'End' ? names.toReversed() : names
  const next = Number(Offset) + Number(MaxEntriesReturned)
  const last = next >= ordered.length
  const shown = ordered.slice(Number(Offset), next).map(show).join('')
  return `<m:FindFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:RootFolder IndexedPagingOffset="${Math.min(next, ordered.length)}" TotalItemsInView="${names.length}" IncludesLastItemInRange="${last}"><t:Folders>${shown}</t:Folders></m:RootFolder></m:FindFolderResponseMessage>`
}
