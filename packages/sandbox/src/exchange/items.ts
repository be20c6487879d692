import { createHash } from 'node:crypto'
import { folderId } from './folders.ts'
import type { ExchangeServer, Item } from './state.ts'
import { type Element, escapeXml, find } from './xml.ts'

export const itemsOf = ({ items = {} }: ExchangeServer, mailbox: string): readonly Item[] => items[mailbox] ?? []

/** The number of the last write of a mailbox. */
export function latest(server: ExchangeServer, mailbox: string): number {
  const held = itemsOf(server, mailbox).map(({ number, changed = 0, changedRead = 0 }) => Math.max(number, changed, changedRead))
  const gone = (server.gone?.[mailbox] ?? []).map(({ at }) => at)
  return Math.max(0, ...held, ...gone)
}

function replaceItems(server: ExchangeServer, mailbox: string, items: Item[]): void {
  server.items ??= {}
  server.items[mailbox] = items
}

/** Puts an item into a folder and numbers it; synchronization continues from such a number. */
export function keep(server: ExchangeServer, mailbox: string, item: Omit<Item, 'number'>): Item {
  const { changed: _changed, changedRead: _changedRead, ...plain } = item
  const numbered = { ...plain, number: latest(server, mailbox) + 1 }
  replaceItems(server, mailbox, [...itemsOf(server, mailbox), numbered])
  return numbered
}

export function changeItem(server: ExchangeServer, mailbox: string, item: Item, changes: Partial<Item>): Item {
  const at = latest(server, mailbox) + 1
  const next = { ...item, ...changes, [Object.keys(changes).every((name) => name === 'read') ? 'changedRead' : 'changed']: at }
  const items = itemsOf(server, mailbox).map((each) => (each === item ? next : each))
  replaceItems(server, mailbox, items)
  return next
}

export function dropItem(server: ExchangeServer, mailbox: string, item: Item): void {
  const at = latest(server, mailbox) + 1
  server.gone ??= {}
  server.gone[mailbox] = [...(server.gone[mailbox] ?? []), { number: item.number, folder: item.folder, at }]
  const items = itemsOf(server, mailbox).filter((each) => each !== item)
  replaceItems(server, mailbox, items)
}

export const itemNamed = (server: ExchangeServer, mailbox: string, id: string): Item | undefined =>
  itemsOf(server, mailbox).find((item) => itemId(mailbox, item) === id)

export const itemId = (mailbox: string, { number }: Pick<Item, 'number'>): string =>
  `AAMk${createHash('sha256').update(`${mailbox}/item/${number}`).digest('base64')}`

type Identified = Pick<Item, 'number' | 'changed' | 'changedRead'>

/** The change key differs after every change. */
export function idElement(mailbox: string, item: Identified): string {
  const { number, changed = number, changedRead = number } = item
  const key = Buffer.from(`CQ${Math.max(changed, changedRead)}`).toString('base64')
  return `<t:ItemId Id="${itemId(mailbox, item)}" ChangeKey="${key}"/>`
}

const addressed = (element: string, addresses: readonly string[]): string => {
  const each = (address: string): string =>
    `<t:Mailbox><t:Name>${escapeXml(address)}</t:Name><t:EmailAddress>${escapeXml(address)}</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType></t:Mailbox>`
  return addresses.length === 0 ? '' : `<t:${element}>${addresses.map(each).join('')}</t:${element}>`
}

/** Elements of a message by the names under which a shape asks for them, in the order of the schema. */
const properties: readonly (readonly [uri: string, show: (mailbox: string, item: Item) => string])[] = [
  ['item:ParentFolderId', (mailbox, { folder }) => `<t:ParentFolderId Id="${folderId(mailbox, folder)}" ChangeKey="AQAAAA=="/>`],
  ['item:ItemClass', () => '<t:ItemClass>IPM.Note</t:ItemClass>'],
  ['item:Subject', (_mailbox, { subject }) => `<t:Subject>${escapeXml(subject)}</t:Subject>`],
  ['item:Body', (_mailbox, { body, bodyType }) => `<t:Body BodyType="${bodyType}">${escapeXml(body)}</t:Body>`],
  ['item:DateTimeReceived', (_mailbox, { at }) => `<t:DateTimeReceived>${at}</t:DateTimeReceived>`],
  ['item:IsDraft', (_mailbox, { draft }) => `<t:IsDraft>${draft}</t:IsDraft>`],
  ['item:DateTimeSent', (_mailbox, { at }) => `<t:DateTimeSent>${at}</t:DateTimeSent>`],
  ['item:DateTimeCreated', (_mailbox, { at }) => `<t:DateTimeCreated>${at}</t:DateTimeCreated>`],
  ['message:ToRecipients', (_mailbox, { to }) => addressed('ToRecipients', to)],
  ['message:From', (_mailbox, { from }) => (from === '' ? '' : addressed('From', [from]))],
  ['message:IsRead', (_mailbox, { read }) => `<t:IsRead>${read}</t:IsRead>`],
]

/** Names of the properties that a message can show. */
export const itemProperties: readonly string[] = properties.map(([uri]) => uri)

const defaultProperties: readonly string[] = [
  'item:Subject',
  'item:DateTimeReceived',
  'item:DateTimeSent',
  'message:From',
  'message:IsRead',
]

/** Which properties of items an operation shows; undefined if the base shape is unknown. Lists never show a body. */
export function itemShape(operation: Element, lists: boolean): readonly string[] | undefined {
  const shape = find(operation, 'ItemShape')
  const base = find(shape, 'BaseShape')?.text.trim() ?? ''
  const all = properties.map(([uri]) => uri)
  const basis = { IdOnly: [], Default: lists ? defaultProperties : [...defaultProperties, 'item:Body'], AllProperties: all }
  const more = find(shape, 'AdditionalProperties')?.children ?? []
  const asked = more.filter(({ name }) => name === 'FieldURI').map(({ attributes }) => attributes.FieldURI ?? '')
  const based = Object.entries(basis).find(([name]) => name === base)?.[1]
  return based && [...based, ...asked].filter((uri) => !lists || uri !== 'item:Body')
}

export function itemElement(mailbox: string, item: Item, shape: readonly string[]): string {
  const body = properties.filter(([uri]) => shape.includes(uri)).map(([, show]) => show(mailbox, item))
  return `<t:Message>${idElement(mailbox, item)}${body.join('')}</t:Message>`
}
