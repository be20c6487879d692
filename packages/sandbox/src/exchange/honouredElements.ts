import { folderProperties } from './folders.ts'
import { itemProperties } from './items.ts'
import type { Element } from './xml.ts'

const shape = 'BaseShape AdditionalProperties FieldURI'
const folder = 'DistinguishedFolderId FolderId'

/**
 * The elements inside an operation that the sandbox honours, wherever they occur; `Restriction` and `Updates` refuse unsupported content
 * themselves.
 */
const known: Readonly<Record<string, string>> = {
  GetFolder: `FolderShape ${shape} FolderIds ${folder} Mailbox EmailAddress`,
  FindFolder: `FolderShape ${shape} IndexedPageFolderView ParentFolderIds ${folder}`,
  ResolveNames: 'UnresolvedEntry',
  CreateItem: `SavedItemFolderId ${folder} Items Message Subject Body ToRecipients CcRecipients BccRecipients Mailbox EmailAddress RoutingType IsRead`,
  UpdateItem: 'ItemChanges ItemChange ItemId',
  DeleteItem: 'ItemIds ItemId',
  FindItem: `ItemShape ${shape} IndexedPageItemView ParentFolderIds ${folder} Restriction SortOrder FieldOrder`,
  GetItem: `ItemShape ${shape} ItemIds ItemId`,
  SyncFolderItems: `ItemShape ${shape} SyncFolderId ${folder} SyncState Ignore ItemId MaxChangesReturned SyncScope`,
}

/** Attributes of operations with the values that are carried out. */
const values: Readonly<Record<string, readonly string[]>> = {
  FindItem: ['Shallow'],
  FindFolder: ['Shallow', 'Deep'],
}

const shown: readonly string[] = [...folderProperties, ...itemProperties]

/** What an operation requests but does not get. `false` requests nothing. */
export function ignoredElements(operation: Element): readonly string[] {
  const names = new Set(known[operation.name]?.split(' '))
  const { Traversal: traversal } = operation.attributes
  const fits = traversal === undefined || values[operation.name]?.includes(traversal) !== false
  const found = operation.children.flatMap((child) => ignoredIn(child, names))
  return [...new Set([...found, ...(fits ? [] : [`Traversal ${traversal}`])])]
}

function ignoredIn(element: Element, names: ReadonlySet<string>): readonly string[] {
  if (element.name === 'Restriction' || element.name === 'Updates') return []
  if (!names.has(element.name)) return element.text.trim() === 'false' ? [] : [element.name]
  if (element.name === 'AdditionalProperties') return element.children.flatMap(ignoredProperty)
  if (element.name === 'SyncScope') return element.text.trim() === 'NormalItems' ? [] : ['SyncScope']
  return element.children.flatMap((child) => ignoredIn(child, names))
}

const ignoredProperty = ({ name, attributes: { FieldURI: uri = '' } }: Element): readonly string[] =>
  name === 'FieldURI' && shown.includes(uri) ? [] : [`${name} ${uri}`.trim()]
