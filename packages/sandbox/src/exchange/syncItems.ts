import { folderNamed } from './folders.ts'
import { idElement, itemElement, itemId, itemShape, itemsOf, latest } from './items.ts'
import { envelope, failedMessage, messagesSpace, schemaFault, typesSpace } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { type Element, find } from './xml.ts'

const operationName = 'SyncFolderItems'

const answer = (server: ExchangeServer, message: string): Response =>
  envelope(
    server,
    `<m:${operationName}Response xmlns:m="${messagesSpace}" xmlns:t="${typesSpace}"><m:ResponseMessages>${message}</m:ResponseMessages></m:${operationName}Response>`,
  )

/** One change that a client must apply to match the folder, and the number of the write that caused it. */
interface Step {
  readonly at: number
  readonly element: string
}

/**
 * What was added to, changed in or removed from a folder since a given state.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
 */
export function syncFolderItems(server: ExchangeServer, mailbox: string, operation: Element): Response {
  const shape = itemShape(operation, true)
  if (shape === undefined) return schemaFault(`The '${messagesSpace}:BaseShape' element is invalid.`)
  const [asked] = find(operation, 'SyncFolderId')?.children ?? []
  const folder = asked && folderNamed(mailbox, asked)
  const from = stateIn(find(operation, 'SyncState')?.text.trim() ?? '', folder)
  const most = Number(find(operation, 'MaxChangesReturned')?.text ?? '')
  if (!(most >= 1 && most <= 512)) return schemaFault(`The '${messagesSpace}:MaxChangesReturned' element is invalid.`)
  const failed = (code: string, text: string): Response =>
    answer(server, failedMessage(`${operationName}ResponseMessage`, code, text))
  if (folder === undefined) return failed('ErrorInvalidIdMalformed', 'Id is malformed.')
  if (from === undefined)
    return failed('ErrorInvalidSyncStateData', 'Synchronization state data is corrupt or otherwise invalid.')
  const ignored = new Set((find(operation, 'Ignore')?.children ?? []).map(({ attributes }) => attributes.Id ?? ''))
  const steps = stepsIn(server, mailbox, { folder, from, shape, ignored })
  const shown = steps.slice(0, most)
  const state = stateOf(folder, steps.length <= most ? latest(server, mailbox) : (shown.at(-1)?.at ?? from))
  const changes = shown.map(({ element }) => element).join('')
  const body = `<m:SyncState>${state}</m:SyncState><m:IncludesLastItemInRange>${steps.length <= most}</m:IncludesLastItemInRange><m:Changes>${changes}</m:Changes>`
  return answer(
    server,
    `<m:${operationName}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${body}</m:${operationName}ResponseMessage>`,
  )
}

interface SyncStart {
  readonly folder: string
  readonly from: number
  readonly shape: readonly string[]
  readonly ignored: ReadonlySet<string>
}

/** In the order of the writes, so that a client that fetches only some of them can continue from there. */
function stepsIn(server: ExchangeServer, mailbox: string, { folder, from, shape, ignored }: SyncStart): readonly Step[] {
  const held = itemsOf(server, mailbox).filter((item) => item.folder === folder && !ignored.has(itemId(mailbox, item)))
  const gone = (server.gone?.[mailbox] ?? []).filter((one) => one.folder === folder && one.at > from && one.number <= from)
  const steps = held.flatMap((item): Step[] => {
    const { number, changed = number, changedRead = number, read } = item
    if (number > from) return [{ at: number, element: `<t:Create>${itemElement(mailbox, item, shape)}</t:Create>` }]
    if (changed > from) return [{ at: changed, element: `<t:Update>${itemElement(mailbox, item, shape)}</t:Update>` }]
    if (changedRead <= from) return []
    return [
      {
        at: changedRead,
        element: `<t:ReadFlagChange>${idElement(mailbox, item)}<t:IsRead>${read}</t:IsRead></t:ReadFlagChange>`,
      },
    ]
  })
  const deletions = gone.map((one): Step => ({ at: one.at, element: `<t:Delete>${idElement(mailbox, one)}</t:Delete>` }))
  return [...steps, ...deletions].sort((left, right) => left.at - right.at)
}

const stateOf = (folder: string, number: number): string => Buffer.from(`${folder}:${number}`).toString('base64')

/** The number of the last write that the client knows; undefined if the state is of another folder or was never issued. */
function stateIn(text: string, folder: string | undefined): number | undefined {
  if (text === '') return 0
  const [, of, number] = /^(\w+):(\d+)$/.exec(Buffer.from(text, 'base64').toString('utf8')) ?? []
  return of === folder && number !== undefined ? Number(number) : undefined
}
