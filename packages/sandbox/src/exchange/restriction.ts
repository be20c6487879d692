import type { Item } from './state.ts'
import { type Element, find } from './xml.ts'

/** A restriction that cannot be carried out; the code says why. */
export class BadRestriction extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

type Test = (item: Item) => boolean
type Value = string | number | boolean

/**
 * The properties that restrictions and sort orders can use:
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/fielduri
 */
const fields: Readonly<Record<string, (item: Item) => Value>> = {
  'item:Subject': ({ subject }) => subject,
  'item:Body': ({ body }) => body,
  'item:ItemClass': () => 'IPM.Note',
  'item:DateTimeReceived': ({ at }) => Date.parse(at),
  'item:DateTimeSent': ({ at }) => Date.parse(at),
  'item:DateTimeCreated': ({ at }) => Date.parse(at),
  'item:IsDraft': ({ draft }) => draft,
  'message:IsRead': ({ read }) => read,
  'message:From': ({ from }) => from,
}

function fieldIn(element: Element): (item: Item) => Value {
  const path = element.children.find(({ name }) => /^(FieldURI|IndexedFieldURI|ExtendedFieldURI)$/.test(name))
  const field = path?.name === 'FieldURI' ? fields[path.attributes.FieldURI ?? ''] : undefined
  if (field !== undefined) return field
  throw new BadRestriction('ErrorUnsupportedPathForQuery', 'The property can not be used with this type of restriction.')
}

/** A constant, converted to the type of the values it is compared with. */
function constantIn(element: Element | undefined, like: Value): Value {
  const text = find(element, 'Constant')?.attributes.Value
  if (text === undefined) throw new BadRestriction('ErrorUnsupportedPathForQuery', 'Only constants can be compared with.')
  if (typeof like === 'boolean') return text === 'true' || text === '1'
  return typeof like === 'number' ? Date.parse(text) : text
}

const orderOf = (left: Value, right: Value): number => {
  const [a, b] = [left, right].map((value) => (typeof value === 'string' ? value.toLowerCase() : Number(value)))
  return a === undefined || b === undefined || a === b ? 0 : a < b ? -1 : 1
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  IsEqualTo: (order) => order === 0,
  IsNotEqualTo: (order) => order !== 0,
  IsGreaterThan: (order) => order > 0,
  IsGreaterThanOrEqualTo: (order) => order >= 0,
  IsLessThan: (order) => order < 0,
  IsLessThanOrEqualTo: (order) => order <= 0,
}

/** Reads a search expression: https://learn.microsoft.com/exchange/client-developer/web-service-reference/restriction */
export function testIn(element: Element | undefined): Test {
  if (element === undefined) throw new BadRestriction('ErrorInvalidRestriction', 'The restriction is empty.')
  const compare = comparisons[element.name]
  if (compare !== undefined) {
    const field = fieldIn(element)
    const other = find(element, 'FieldURIOrConstant')
    return (item) => compare(orderOf(field(item), constantIn(other, field(item))))
  }
  switch (element.name) {
    case 'And':
    case 'Or': {
      const tests = element.children.map(testIn)
      return element.name === 'And' ? (item) => tests.every((test) => test(item)) : (item) => tests.some((test) => test(item))
    }
    case 'Not': {
      const inner = testIn(element.children[0])
      return (item) => !inner(item)
    }
    case 'Exists': {
      const field = fieldIn(element)
      return (item) => field(item) !== ''
    }
    case 'Contains':
      return containsIn(element)
    default:
      throw new BadRestriction(
        'ErrorInvalidRestriction',
        `The search expression ${element.name} is not supported by this sandbox.`,
      )
  }
}

const modes: Readonly<Record<string, (text: string, wanted: string) => boolean>> = {
  FullString: (text, wanted) => text === wanted,
  Prefixed: (text, wanted) => text.startsWith(wanted),
  Substring: (text, wanted) => text.includes(wanted),
}

function containsIn(element: Element): Test {
  const { ContainmentMode = 'FullString', ContainmentComparison = 'Exact' } = element.attributes
  const mode = modes[ContainmentMode]
  const field = fieldIn(element)
  const wanted = find(element, 'Constant')?.attributes.Value
  if (mode === undefined || wanted === undefined || !['Exact', 'IgnoreCase'].includes(ContainmentComparison))
    throw new BadRestriction('ErrorInvalidRestriction', 'That kind of containment is not supported by this sandbox.')
  const folded = (text: string): string => (ContainmentComparison === 'Exact' ? text : text.toLowerCase())
  return (item) => mode(folded(String(field(item))), folded(wanted))
}

/** By the fields that a SortOrder names, each up or down. */
export function orderIn(sortOrder: Element): (left: Item, right: Item) => number {
  const orders = sortOrder.children.map((each) => ({
    field: fieldIn(each),
    sign: each.attributes.Order === 'Descending' ? -1 : 1,
  }))
  return (left, right) =>
    orders.map(({ field, sign }) => sign * orderOf(field(left), field(right))).find((order) => order !== 0) ?? 0
}
