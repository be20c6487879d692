import { HmaError } from '../core/errors.ts'

/** The result of a read: what exists, if anything, or why that is unknown. */
export type ReadResult<Value> = Seen<Value> | Unread

export interface Seen<Value> {
  readonly seen: Value
}

export interface Unread {
  /** Why it could not be read, without a period at the end. */
  readonly unread: string
  /** What the user can do about it. */
  readonly next?: string
}

export const seen = <Value>(value: Value): Seen<Value> => ({ seen: value })

export const unread = (why: string, next?: string): Unread => ({ unread: why, ...(next !== undefined && { next }) })

/** The answer, or the refusal as data: if one right is missing, the rest is still read. */
export const readResult = <Value>(call: Promise<Value>): Promise<ReadResult<Value>> =>
  call.then(seen, (error: unknown) => {
    if (!(error instanceof HmaError)) throw error
    return unread(error.message.replace(/\.$/, ''), error.hint)
  })

/** Continues with what was read; what could not be read stays unknown. */
export const ifRead = async <Value, Next>(
  before: ReadResult<Value>,
  further: (value: Value) => Promise<ReadResult<Next>>,
): Promise<ReadResult<Next>> => ('seen' in before ? further(before.seen) : before)

/** The same, if the object exists; otherwise the result is undefined, too. */
export const ifExists = <Value, Next>(
  before: ReadResult<Value | undefined>,
  further: (value: Value) => Promise<ReadResult<Next | undefined>>,
): Promise<ReadResult<Next | undefined>> =>
  ifRead(before, async (value) => (value === undefined ? seen(undefined) : further(value)))

/** What certainly exists; undefined if it does not, or if unknown. */
export const known = <Value>(from: ReadResult<Value>): Value | undefined => ('seen' in from ? from.seen : undefined)
