import { type FolderShape, folderElement, folderNamed, isFolderName, isShape, shapeIn } from './folders.ts'
import { itemsOf } from './items.ts'
import { envelope, failedMessage, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer, Item } from './state.ts'
import { type Element, find } from './xml.ts'

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation */
export function getFolder(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = shapeIn(operation)
  const asked = find(operation, 'FolderIds')?.children ?? []
  if (!isShape(shape))
    return schemaFault(`The '${messagesSpace}:BaseShape' element is invalid - The value '${shape.base}' is invalid.`)
  if (asked.length === 0) return schemaFault(`The element 'FolderIds' in namespace '${messagesSpace}' has incomplete content.`)
  const unknown = asked.find(({ name, attributes }) => name === 'DistinguishedFolderId' && !isFolderName(attributes.Id ?? ''))
  if (unknown !== undefined)
    return schemaFault(
      `The 'Id' attribute is invalid - The value '${unknown.attributes.Id ?? ''}' is invalid according to its datatype.`,
    )
  const items = itemsOf(server, mailbox)
  const messages = asked.map((element) => message(mailbox, element, shape, items)).join('')
  return envelope(
    server,
    `<m:GetFolderResponse xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${messages}</m:ResponseMessages></m:GetFolderResponse>`,
  )
}

function message(mailbox: string, asked: Element, shape: FolderShape, items: readonly Item[]): string {
  const owner = find(asked, 'Mailbox', 'EmailAddress')?.text.trim().toLowerCase() ?? mailbox
  if (owner !== mailbox) return failed('ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
  const name = folderNamed(mailbox, asked)
  if (name === undefined && asked.name === 'DistinguishedFolderId')
    return failed('ErrorFolderNotFound', 'The specified folder could not be found in the store.')
  if (name === undefined) return failed('ErrorInvalidIdMalformed', 'Id is malformed.')
  return `<m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Folders>${folderElement(mailbox, name, shape, items)}</m:Folders></m:GetFolderResponseMessage>`
}

const failed = (code: string, text: string): string => failedMessage('GetFolderResponseMessage', code, text, '<m:Folders/>')
