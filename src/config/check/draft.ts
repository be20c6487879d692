import { type Reading, step } from '../read/reader.ts'
import type { Located, Mistake, Range } from '../read/source.ts'

/** A mistake at a path in the document. */
export interface DocumentProblem extends SemanticProblem {
  readonly code: Mistake['code']
}

/** What a semantic check finds: nearly all share one remedy and so one code. */
export interface SemanticProblem extends Omit<Mistake, 'code'> {
  readonly code?: Mistake['code']
  /** JSON pointer. If the document lacks it, the nearest enclosing block is shown. */
  readonly pointer: string
  /** Show the key instead of the value. */
  readonly onKey?: boolean
  /** The intended pointer of a misspelt key, so that it is not reported missing as well. */
  readonly meant?: string
}

type Path = readonly (string | number)[]

/**
 * A document that may have mistakes, with the schema's defaults. Checks get only what is sound,
 * so each works on a document with other mistakes and none reports a mistake twice.
 */
export interface Draft {
  /** The document's folder, from which relative paths start. */
  readonly folder: string
  text(...path: Path): string | undefined
  number(...path: Path): number | undefined
  flag(...path: Path): boolean | undefined
  /** The keys of a block, or the indices of a list, if it exists. */
  keys(...path: Path): readonly string[]
  /** Does the document itself set this, rightly or wrongly? Defaults do not count. */
  says(...path: Path): boolean
  /** Did part of the value come from the environment? Then no message may quote it. */
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
export function locate({ places }: Reading, { pointer, onKey, meant: _, ...finding }: DocumentProblem): Located {
  const own = places.get(pointer)
  if (own) return { ...finding, range: onKey ? (own.key ?? own.value) : own.value }
  return { ...finding, range: nearest(places, pointer.slice(0, pointer.lastIndexOf('/'))) }
}

/** The key of the nearest enclosing block; the document's first word if that is the whole document. */
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
