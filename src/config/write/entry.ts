import type { ReadResult } from '../../discovery/readResult.ts'
import type { ImportRemark } from '../../discovery/remark.ts'

/** A value of a configuration. */
export type Plain = string | number | boolean

/** One key of a configuration with its comments. Plain data; writing it is another module's task. */
export type Entry = About & (Valued | Block | Unreadable | Off)

interface About {
  readonly key: string
  /** A short comment on the key's line. */
  readonly comment?: string
  /** Whole sentences above it. */
  readonly remarks?: readonly string[]
}

interface Valued {
  readonly value: Plain
  /** Copied from another configuration as written, including references to the environment. */
  readonly verbatim?: true
}

interface Block {
  readonly entries: readonly Entry[]
}

/** The key is written without a value, so that `hma validate` points to it. */
interface Unreadable {
  /** Why, and what helps. */
  readonly unread: string
  readonly next?: string
}

/** Shown commented out. */
interface Off {
  readonly off: Plain | readonly string[]
}

export const value = (key: string, value: Plain, comment?: string): Entry => ({ key, value, ...(comment && { comment }) })

export const block = (key: string, entries: readonly Entry[], comment?: string): Entry => ({
  key,
  entries,
  ...(comment && { comment }),
})

export const off = (key: string, off: Plain | readonly string[], comment?: string): Entry => ({
  key,
  off,
  ...(comment && { comment }),
})

/** The value seen, or a placeholder to fill in. */
export const looked = (key: string, from: ReadResult<Plain>, comment?: string): Entry =>
  'seen' in from
    ? value(key, from.seen, comment)
    : { key, unread: from.unread, ...(from.next !== undefined && { next: from.next }) }

/** The entries with each remark at its key, or at the enclosing block if the key is not written. */
export function annotated(entries: readonly Entry[], remarks: readonly ImportRemark[]): readonly Entry[] {
  const places = new Map<string, string[]>()
  const paths = new Set(pathsOf(entries))
  for (const { at, message, next } of remarks) {
    const place = nearest(at, paths)
    places.set(place, [...(places.get(place) ?? []), next === undefined ? message : `${message} ${next}`])
  }
  const mark = (entry: Entry, path: string): Entry => {
    const said = places.get(path)
    const inner = 'entries' in entry ? { entries: entry.entries.map((one) => mark(one, `${path}.${one.key}`)) } : {}
    return { ...entry, ...inner, ...(said && { remarks: said }) }
  }
  return entries.map((entry) => mark(entry, entry.key))
}

const pathsOf = (entries: readonly Entry[], above = ''): string[] =>
  entries.flatMap((entry) => [
    `${above}${entry.key}`,
    ...('entries' in entry ? pathsOf(entry.entries, `${above}${entry.key}.`) : []),
  ])

function nearest(at: string, paths: ReadonlySet<string>): string {
  for (let path = at; path.includes('.'); path = path.slice(0, path.lastIndexOf('.'))) if (paths.has(path)) return path
  return at.split('.')[0] ?? at
}

/** What could not be read, as remarks with the reason. Each cause is stated once, at the first of its keys. */
export function unreadIn(entries: readonly Entry[]): readonly (ImportRemark & { readonly why: string })[] {
  const found = new Map<string, { at: string[]; next: string | undefined }>()
  const walk = (some: readonly Entry[], above: string): void => {
    for (const entry of some) {
      const at = `${above}${entry.key}`
      if ('entries' in entry) walk(entry.entries, `${at}.`)
      if (!('unread' in entry)) continue
      const same = found.get(entry.unread) ?? { at: [], next: entry.next }
      same.at.push(at)
      found.set(entry.unread, same)
    }
  }
  walk(entries, '')
  return [...found].map(([why, { at, next }]) => ({
    why,
    at: at[0] ?? '',
    message: `${at.join(', ')} could not be read: ${why}.`,
    next: next ?? 'Fill it in.',
  }))
}
