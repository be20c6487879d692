/** What a script computes with. Hash tables keep their order; names are compared without case. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | readonly Value[]
  | Table
  | Item
  | Block
  | Version
  | Switch
  | Type
  | Native

export class Table {
  readonly entries = new Map<string, readonly [name: string, value: Value]>()

  get(name: string): Value {
    return this.entries.get(name.toLowerCase())?.[1] ?? null
  }

  set(name: string, value: Value): void {
    this.entries.set(name.toLowerCase(), [this.entries.get(name.toLowerCase())?.[0] ?? name, value])
  }
}

/** An object with properties, as commands answer. */
export class Item {
  readonly table: Table
  constructor(properties: Readonly<Record<string, Value>> | Table) {
    this.table = properties instanceof Table ? properties : new Table()
    if (!(properties instanceof Table)) for (const [name, value] of Object.entries(properties)) this.table.set(name, value)
  }
}

/** A script block, by its place in the script. */
export class Block {
  readonly source: unknown
  constructor(source: unknown) {
    this.source = source
  }
}

export class Version {
  readonly numbers: readonly number[]
  constructor(text: string) {
    this.numbers = text.split('.').map(Number)
    if (this.numbers.length < 2 || this.numbers.some(Number.isNaN)) throw new Thrown(`Cannot convert "${text}" to a version`)
  }

  /** As .NET compares: a number that is left out comes before zero. */
  compare(other: Version): number {
    const differences = [0, 1, 2, 3].map((index) => (this.numbers[index] ?? -1) - (other.numbers[index] ?? -1))
    return differences.find((one) => one !== 0) ?? 0
  }
}

export class Switch {
  readonly present: boolean
  constructor(present: boolean) {
    this.present = present
  }
}

export class Type {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** An object of .NET: what can be called on it, in small letters. */
export class Native {
  readonly members: Readonly<Record<string, Value | ((...given: readonly Value[]) => Value)>>
  constructor(members: Native['members']) {
    this.members = members
  }
}

/** An error that a script can catch. */
export class Thrown extends Error {
  readonly more: Readonly<Record<string, Value>>
  constructor(message: string, more: Readonly<Record<string, Value>> = {}) {
    super(message)
    this.more = more
  }
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** What goes down a pipeline of a value. */
export const enumerated = (value: Value): readonly Value[] => (isList(value) ? value : [value])

/** What a variable gets of what came out. */
export const collapsed = (values: readonly Value[]): Value =>
  values.length === 0 ? null : values.length === 1 ? (values[0] ?? null) : values

export function textOf(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (isList(value)) return value.map(textOf).join(' ')
  if (value instanceof Version) return value.numbers.join('.')
  if (value instanceof Item) return textOf(value.table.get('ToString') ?? '@{}')
  if (value instanceof Switch) return value.present ? 'True' : 'False'
  return value instanceof Date ? value.toISOString() : String(value)
}

export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 1 || (value.length === 1 && isTrue(value[0] ?? null))
  if (value instanceof Switch) return value.present
  return typeof value === 'object' ? value !== null : Boolean(value)
}

export const isSame = (left: Value, right: Value): boolean => {
  if (left === null || right === null) return left === right
  if (typeof left === 'boolean') return left === isTrue(right)
  if (typeof left === 'number') return left === Number(textOf(right))
  if (left instanceof Version) return left.compare(new Version(textOf(right))) === 0
  return textOf(left).toLowerCase() === textOf(right).toLowerCase()
}

/** Less than none: the left one comes first. */
export function order(left: Value, right: Value): number {
  if (left instanceof Version) return left.compare(right instanceof Version ? right : new Version(textOf(right)))
  if (typeof left === 'number') return left - Number(textOf(right))
  return textOf(left).toLowerCase() < textOf(right).toLowerCase() ? -1 : isSame(left, right) ? 0 : 1
}

export const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    'i',
  )

/** As `ConvertTo-Json` writes it; the five signs that Windows PowerShell escapes too. */
export const jsonOf = (value: Value): string =>
  JSON.stringify(plain(value), undefined, 4).replace(
    /[<>'&\u0085]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function plain(value: Value): unknown {
  if (isList(value)) return value.map(plain)
  if (value instanceof Item) return plain(value.table)
  if (value instanceof Table) return Object.fromEntries([...value.entries.values()].map(([name, one]) => [name, plain(one)]))
  return value instanceof Switch ? value.present : value
}
