import { type Reading, step } from '../read/reader.ts'
import type { Finding, Located, Range } from '../read/source.ts'

/** A mistake at a path of the document. */
export interface Problem extends Misfit {
  readonly code: Finding['code']
}

/** What a check of the meaning finds: all of them have one remedy, and so one code, but for a few. */
export interface Misfit extends Omit<Finding, 'code'> {
  readonly code?: Finding['code']
  /** JSON pointer. Where the document does not say it, the nearest block round it is shown. */
  readonly pointer: string
  /** Show the key in place of the value. */
  readonly onKey?: boolean
  /** The pointer that was meant, where a key is misspelt: it is not missing too. */
  readonly meant?: string
}

type Path = readonly (string | number)[]

/**
 * A document that may have mistakes, with the defaults of the schema. A reader of it gets only what is sound:
 * every check works on a document in which other things are wrong, and none reports what was reported before.
 */
export interface Draft {
  /** Where the document lies: what relative paths start from. */
  readonly folder: string
  text(...path: Path): string | undefined
  number(...path: Path): number | undefined
  flag(...path: Path): boolean | undefined
  /** The names of the keys in a block that it may have, the places of a list. */
  keys(...path: Path): readonly string[]
  /** Does the document itself say this, rightly or wrongly? Defaults do not count. */
  says(...path: Path): boolean
  /** Did something of the value come from the environment? Then no message may quote it. */
  foreign(...path: Path): boolean
}

export const pointer = (...path: Path): string => path.map(step).join('')

export function draft({ value, places }: Reading, unsound: ReadonlySet<string>, folder: string): Draft {
  const at = (path: Path): unknown => {
    const broken = [...path, undefined].some((_, index) => unsound.has(pointer(...path.slice(0, index))))
    return broken ? undefined : path.reduce<unknown>(member, value)
  }
  return {
    folder,
    text: (...path) => narrowed(at(path), (one) => typeof one === 'string'),
    number: (...path) => narrowed(at(path), (one) => typeof one === 'number'),
    flag: (...path) => narrowed(at(path), (one) => typeof one === 'boolean'),
    keys: (...path) => keysOf(at(path)).filter((name) => !unsound.has(pointer(...path, name))),
    says: (...path) => places.has(pointer(...path)) || unsound.has(pointer(...path)),
    foreign: (...path) => places.get(pointer(...path))?.foreign ?? false,
  }
}

const narrowed = <Value>(value: unknown, is: (value: unknown) => value is Value): Value | undefined =>
  is(value) ? value : undefined

const isBlock = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const member = (value: unknown, name: string | number): unknown =>
  isBlock(value) && Object.hasOwn(value, name) ? value[name] : undefined

const keysOf = (value: unknown): readonly string[] => (isBlock(value) ? Object.keys(value) : [])

/** The problem at its offsets. */
export function locate({ places }: Reading, { pointer, onKey, meant: _, ...finding }: Problem): Located {
  const own = places.get(pointer)
  if (own) return { ...finding, range: onKey ? (own.key ?? own.value) : own.value }
  return { ...finding, range: nearest(places, pointer.slice(0, pointer.lastIndexOf('/'))) }
}

/** The key of the nearest block that the document has; the document's first word where that is the whole. */
function nearest(places: Reading['places'], pointer: string): Range {
  const place = places.get(pointer)
  if (place?.key) return place.key
  if (pointer === '') return firstWord(places)
  return place?.value ?? nearest(places, pointer.slice(0, pointer.lastIndexOf('/')))
}

function firstWord(places: Reading['places']): Range {
  const whole = places.get('')?.value ?? [0, 0]
  const first = [...places].find(([pointer, { key }]) => pointer !== '' && key)?.[1].key
  return first ?? [whole[0], whole[0] + 1]
}
