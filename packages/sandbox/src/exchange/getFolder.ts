import { createHash } from 'node:crypto'
import { envelope, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { type Element, escapeXml, find } from './xml.ts'

/** Folders that every mailbox has: their names in a request, what users see, and the element that stands for them. */
const folders: Readonly<Record<string, readonly [string, string]>> = {
  msgfolderroot: ['Top of Information Store', 'Folder'],
  root: ['', 'Folder'],
  inbox: ['Inbox', 'Folder'],
  drafts: ['Drafts', 'Folder'],
  outbox: ['Outbox', 'Folder'],
  sentitems: ['Sent Items', 'Folder'],
  deleteditems: ['Deleted Items', 'Folder'],
  junkemail: ['Junk Email', 'Folder'],
  notes: ['Notes', 'Folder'],
  journal: ['Journal', 'Folder'],
  searchfolders: ['Finder', 'Folder'],
  calendar: ['Calendar', 'CalendarFolder'],
  contacts: ['Contacts', 'ContactsFolder'],
  tasks: ['Tasks', 'TasksFolder'],
}

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation */
export function getFolder(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = find(operation, 'FolderShape', 'BaseShape')?.text.trim() ?? ''
  const asked = find(operation, 'FolderIds')?.children ?? []
  if (!['IdOnly', 'Default', 'AllProperties'].includes(shape))
    return schemaFault(`The '${messagesSpace}:BaseShape' element is invalid - The value '${shape}' is invalid.`)
  if (asked.length === 0) return schemaFault(`The element 'FolderIds' in namespace '${messagesSpace}' has incomplete content.`)
  const unknown = asked.find(({ name, attributes }) => name === 'DistinguishedFolderId' && !((attributes.Id ?? '') in folders))
  if (unknown !== undefined)
    return schemaFault(
      `The 'Id' attribute is invalid - The value '${unknown.attributes.Id ?? ''}' is invalid according to its datatype.`,
    )
  const messages = asked.map((element) => message(mailbox, element, shape)).join('')
  return envelope(
    server,
    `<m:GetFolderResponse xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${messages}</m:ResponseMessages></m:GetFolderResponse>`,
  )
}

function message(mailbox: string, asked: Element, shape: string): string {
  const owner = find(asked, 'Mailbox', 'EmailAddress')?.text.trim().toLowerCase() ?? mailbox
  if (owner !== mailbox) return failed('ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
  const id = asked.attributes.Id ?? ''
  const name = asked.name === 'DistinguishedFolderId' ? id : Object.keys(folders).find((each) => folderId(mailbox, each) === id)
  const folder = name === undefined ? undefined : folders[name]
  if (name === undefined || folder === undefined) return failed('ErrorInvalidIdMalformed', 'Id is malformed.')
  const [display, element] = folder
  const counts = element === 'CalendarFolder' ? '' : '<t:UnreadCount>0</t:UnreadCount>'
  const more =
    shape === 'IdOnly'
      ? ''
      : `<t:DisplayName>${escapeXml(display)}</t:DisplayName><t:TotalCount>0</t:TotalCount><t:ChildFolderCount>0</t:ChildFolderCount>${counts}`
  return `<m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Folders><t:${element}><t:FolderId Id="${folderId(mailbox, name)}" ChangeKey="AQAAAA=="/>${more}</t:${element}></m:Folders></m:GetFolderResponseMessage>`
}

const failed = (code: string, text: string): string =>
  `<m:GetFolderResponseMessage ResponseClass="Error"><m:MessageText>${escapeXml(text)}</m:MessageText><m:ResponseCode>${code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey><m:Folders/></m:GetFolderResponseMessage>`

const folderId = (mailbox: string, name: string): string =>
  `AAMk${createHash('sha256').update(`${mailbox}/${name}`).digest('base64')}`
