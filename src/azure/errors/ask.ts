import { HmaError } from '../../core/errors.ts'
import { Refusal } from '../http/refusal.ts'
import { Unreachable } from '../http/unreachable.ts'
import { Unreadable } from '../http/unreadable.ts'
import { type Asked, names, refused, unreached } from './azureError.ts'

/** Code of ours or of an SDK could not map an answer. The SDKs' own messages quote the whole answer. */
const isOfShape = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof SyntaxError ||
  (error instanceof Error && error.name === 'RestError')

const unexpectedFormat = ({ doing }: Asked, who: string, what: string, cause: unknown): HmaError =>
  new HmaError('HMA507', `Could not ${doing}: ${who}: ${what}`, {
    hint: 'Something between hma and the service may have answered, as a proxy does. Run again with -v; if it stays so, report what it prints.',
    retryable: 'briefly',
    cause,
  })

/** Runs a call and reports failures in the operator's terms. */
export async function asking<T>(asked: Asked, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Refusal) throw refused(asked, error.url, error.answer)
    if (error instanceof Unreachable) throw unreached(asked, error)
    if (error instanceof Unreadable) throw unexpectedFormat(asked, error.host, error.message, error)
    if (isOfShape(error)) throw unexpectedFormat(asked, names[asked.service], 'the answer has an unexpected format', error)
    if (error instanceof HmaError || !(error instanceof Error) || error.name === 'AbortError') throw error
    throw new HmaError('HMA507', `Could not ${asked.doing}: ${error.message}`, { cause: error })
  }
}
