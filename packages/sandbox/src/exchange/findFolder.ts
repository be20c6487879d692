import { folderElement, folderNamed, isShape, shapeIn, visible } from './folders.ts'
import { itemsOf } from './items.ts'
import { envelope, failedMessage, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { type Element, find } from './xml.ts'

/** What lies below a folder: https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation */
export function findFolder(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = shapeIn(operation)
  if (!isShape(shape))
    return schemaFault(`The '${messagesSpace}:BaseShape' element is invalid - The value '${shape.base}' is invalid.`)
  const [parent] = find(operation, 'ParentFolderIds')?.children ?? []
  if (parent === undefined)
    return schemaFault(`The element 'ParentFolderIds' in namespace '${messagesSpace}' has incomplete content.`)
  const name = folderNamed(mailbox, parent)
  const below = name === 'msgfolderroot' ? visible : name === 'root' ? ['msgfolderroot', 'searchfolders'] : []
  const deep = operation.attributes.Traversal === 'Deep' && name === 'root' ? [...below, ...visible] : below
  const list = deep.map((one) => folderElement(mailbox, one, shape, itemsOf(server, mailbox))).join('')
  const message =
    name === undefined
      ? failedMessage('FindFolderResponseMessage', 'ErrorInvalidIdMalformed', 'Id is malformed.')
      : `<m:FindFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:RootFolder TotalItemsInView="${deep.length}" IncludesLastItemInRange="true"><t:Folders>${list}</t:Folders></m:RootFolder></m:FindFolderResponseMessage>`
  return envelope(
    server,
    `<m:FindFolderResponse xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${message}</m:ResponseMessages></m:FindFolderResponse>`,
  )
}
