import { createHash } from 'node:crypto'
import type { Item } from './state.ts'
import { type Element, escapeXml, find } from './xml.ts'

/** The folder's display name and element, and its parent: visible to the user or not. */
type Folder = readonly [display: string, element: string, place: 'visible' | 'hidden']

/**
 * Every name of the enumeration DistinguishedFolderIdNameType that a mailbox on Exchange Server 2016 and later has:
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/distinguishedfolderid
 */
export const folders: Readonly<Record<string, Folder>> = {
  msgfolderroot: ['Top of Information Store', 'Folder', 'hidden'],
  root: ['', 'Folder', 'hidden'],
  inbox: ['Inbox', 'Folder', 'visible'],
  drafts: ['Drafts', 'Folder', 'visible'],
  outbox: ['Outbox', 'Folder', 'visible'],
  sentitems: ['Sent Items', 'Folder', 'visible'],
  deleteditems: ['Deleted Items', 'Folder', 'visible'],
  junkemail: ['Junk Email', 'Folder', 'visible'],
  notes: ['Notes', 'Folder', 'visible'],
  journal: ['Journal', 'Folder', 'visible'],
  calendar: ['Calendar', 'CalendarFolder', 'visible'],
  contacts: ['Contacts', 'ContactsFolder', 'visible'],
  tasks: ['Tasks', 'TasksFolder', 'visible'],
  conversationhistory: ['Conversation History', 'Folder', 'visible'],
  searchfolders: ['Finder', 'SearchFolder', 'hidden'],
  voicemail: ['Voice Mail', 'SearchFolder', 'hidden'],
  quickcontacts: ['Quick Contacts', 'ContactsFolder', 'hidden'],
  imcontactlist: ['IM Contact List', 'ContactsFolder', 'hidden'],
  recipientcache: ['Recipient Cache', 'ContactsFolder', 'hidden'],
  peopleconnect: ['PeopleConnect', 'ContactsFolder', 'hidden'],
  mycontacts: ['My Contacts', 'SearchFolder', 'hidden'],
  todosearch: ['To-Do Search', 'SearchFolder', 'hidden'],
  favorites: ['Favorites', 'Folder', 'hidden'],
  syncissues: ['Sync Issues', 'Folder', 'hidden'],
  conflicts: ['Conflicts', 'Folder', 'hidden'],
  localfailures: ['Local Failures', 'Folder', 'hidden'],
  serverfailures: ['Server Failures', 'Folder', 'hidden'],
  recoverableitemsroot: ['Recoverable Items', 'Folder', 'hidden'],
  recoverableitemsdeletions: ['Deletions', 'Folder', 'hidden'],
  recoverableitemsversions: ['Versions', 'Folder', 'hidden'],
  recoverableitemspurges: ['Purges', 'Folder', 'hidden'],
}

/** Names of the enumeration for what these mailboxes do not have: an archive, audit logs, public folders. */
const elsewhere =
  /^(archive(root|msgfolderroot|deleteditems|inbox|recoverableitems(root|deletions|versions|purges))|adminauditlogs|directory|publicfoldersroot)$/

export const isFolderName = (name: string): boolean => name in folders || elsewhere.test(name)

export const folderId = (mailbox: string, name: string): string =>
  `AAMk${createHash('sha256').update(`${mailbox}/${name}`).digest('base64')}`

/** Elements of a folder by the names under which AdditionalProperties asks for them, in the order of the schema. */
const properties: readonly (readonly [uri: string, show: (name: string, folder: Folder, held: readonly Item[]) => string])[] = [
  ['folder:FolderClass', (_name, [, element]) => `<t:FolderClass>${classes[element] ?? 'IPF.Note'}</t:FolderClass>`],
  ['folder:DisplayName', (_name, [display]) => `<t:DisplayName>${escapeXml(display)}</t:DisplayName>`],
  ['folder:TotalCount', (_name, _folder, held) => `<t:TotalCount>${held.length}</t:TotalCount>`],
  [
    'folder:ChildFolderCount',
    (name) => `<t:ChildFolderCount>${name === 'msgfolderroot' ? visible.length : 0}</t:ChildFolderCount>`,
  ],
  [
    'folder:UnreadCount',
    (_name, [, element], held) =>
      element === 'CalendarFolder' ? '' : `<t:UnreadCount>${held.filter(({ read }) => !read).length}</t:UnreadCount>`,
  ],
  ['folder:DistinguishedFolderId', (name) => `<t:DistinguishedFolderId>${name}</t:DistinguishedFolderId>`],
]

/** Names of the properties that a folder can show. */
export const folderProperties: readonly string[] = properties.map(([uri]) => uri)

const classes: Readonly<Record<string, string>> = {
  CalendarFolder: 'IPF.Appointment',
  ContactsFolder: 'IPF.Contact',
  TasksFolder: 'IPF.Task',
}

/** The folders below the root that users see. */
export const visible: readonly string[] = Object.keys(folders).filter((name) => folders[name]?.[2] === 'visible')

const shown: readonly string[] = ['folder:DisplayName', 'folder:TotalCount', 'folder:ChildFolderCount', 'folder:UnreadCount']

/** The properties that a FolderShape requests: a base shape, and additional ones. */
export interface FolderShape {
  readonly base: string
  readonly properties: readonly string[]
}

export function shapeIn(operation: Element): FolderShape {
  const shape = find(operation, 'FolderShape')
  const base = find(shape, 'BaseShape')?.text.trim() ?? ''
  const more = find(shape, 'AdditionalProperties')?.children ?? []
  const asked = more.filter(({ name }) => name === 'FieldURI').map(({ attributes }) => attributes.FieldURI ?? '')
  const all = properties.map(([uri]) => uri)
  return { base, properties: [...(base === 'IdOnly' ? [] : base === 'AllProperties' ? all : shown), ...asked] }
}

export const isShape = ({ base }: FolderShape): boolean => ['IdOnly', 'Default', 'AllProperties'].includes(base)

/** One folder of a mailbox, among whose items are its own, as an element of an answer. */
export function folderElement(mailbox: string, name: string, shape: FolderShape, items: readonly Item[]): string {
  const folder = folders[name]
  if (folder === undefined) return ''
  const held = items.filter((item) => item.folder === name)
  const body = properties.filter(([uri]) => shape.properties.includes(uri)).map(([, show]) => show(name, folder, held))
  return `<t:${folder[1]}><t:FolderId Id="${folderId(mailbox, name)}" ChangeKey="AQAAAA=="/>${body.join('')}</t:${folder[1]}>`
}

/** Which folder of the mailbox an element names, by a name or an id. */
export function folderNamed(mailbox: string, { name, attributes }: Element): string | undefined {
  const id = attributes.Id ?? ''
  if (name === 'DistinguishedFolderId') return id in folders ? id : undefined
  return Object.keys(folders).find((each) => folderId(mailbox, each) === id)
}
