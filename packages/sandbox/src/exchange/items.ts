import { createHash } from 'node:crypto'
import { folderId } from './folders.ts'
import type { ExchangeServer, Item } from './state.ts'
import { type Element, escapeXml, find } from './xml.ts'

export const itemsOf = ({ items = {} }: ExchangeServer, mailbox: string): readonly Item[] => items[mailbox] ?? []

/** Puts an item into a folder and numbers it; synchronization continues from such a number. */
export function keep(server: ExchangeServer, mailbox: string, item: Omit<Item, 'number'>): Item {
  const numbered = { ...item, number: itemsOf(server, mailbox).length + 1 }
  server.items ??= {}
  server.items[mailbox] = [...itemsOf(server, mailbox), numbered]
  return numbered
}

export const itemId = (mailbox: string, { number }: Item): string =>
  `AAMk${createHash('sha256').update(`${mailbox}/item/${number}`).digest('base64')}`

export const idElement = (mailbox: string, item: Item): string => `<t:ItemId Id="${itemId(mailbox, item)}" ChangeKey="CQAAAA=="/>`

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

const unasked: readonly string[] = [
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
  const basis = { IdOnly: [], Default: lists ? unasked : [...unasked, 'item:Body'], AllProperties: all }
  const more = find(shape, 'AdditionalProperties')?.children ?? []
  const asked = more.filter(({ name }) => name === 'FieldURI').map(({ attributes }) => attributes.FieldURI ?? '')
  const based = Object.entries(basis).find(([name]) => name === base)?.[1]
  return based && [...based, ...asked].filter((uri) => !lists || uri !== 'item:Body')
}

export function itemElement(mailbox: string, item: Item, shape: readonly string[]): string {
  const body = properties.filter(([uri]) => shape.includes(uri)).map(([, show]) => show(mailbox, item))
  return `<t:Message>${idElement(mailbox, item)}${body.join('')}</t:Message>`
}
