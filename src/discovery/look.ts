import { HmaError } from '../core/errors.ts'

/** What a look came to: what was seen, which may be nothing, or why nobody can say. */
export type Look<Value> = Seen<Value> | Unread

export interface Seen<Value> {
  readonly seen: Value
}

export interface Unread {
  /** Why it could not be read, without a period at the end. */
  readonly unread: string
  /** What the operator can do about it. */
  readonly next?: string
}

export const seen = <Value>(value: Value): Seen<Value> => ({ seen: value })

export const unread = (why: string, next?: string): Unread => ({ unread: why, ...(next !== undefined && { next }) })

/** The answer, or the refusal as data: where one right is lacking, the rest is looked at all the same. */
export const look = <Value>(call: Promise<Value>): Promise<Look<Value>> =>
  call.then(seen, (error: unknown) => {
    if (!(error instanceof HmaError)) throw error
    return unread(error.message.replace(/\.$/, ''), error.hint)
  })

/** Look further with what was seen. What could not be read stays so. */
export const onward = async <Value, Next>(
  before: Look<Value>,
  further: (value: Value) => Promise<Look<Next>>,
): Promise<Look<Next>> => ('seen' in before ? further(before.seen) : before)

/** The same with what is there: where nothing is, nothing is found further on. */
export const ifThere = <Value, Next>(
  before: Look<Value | undefined>,
  further: (value: Value) => Promise<Look<Next | undefined>>,
): Promise<Look<Next | undefined>> => onward(before, async (value) => (value === undefined ? seen(undefined) : further(value)))

/** What is there for sure; undefined where it is not, and where nobody can say. */
export const known = <Value>(from: Look<Value>): Value | undefined => ('seen' in from ? from.seen : undefined)
