import { HmaError } from '../../core/errors.ts'
import type { HttpAnswer } from '../http/message.ts'
import { Refusal } from '../http/refusal.ts'
import { Unreachable } from '../http/unreachable.ts'
import { Unreadable } from '../http/unreadable.ts'
import { type Asked, names, refused, unreached } from './azureError.ts'
import { webPage } from './webPage.ts'

/** Code of ours or of an SDK could not map an answer. The SDKs' own messages quote the whole answer. */
const isOfShape = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof SyntaxError ||
  (error instanceof Error && error.name === 'RestError')

const unexpectedFormat = ({ doing }: Asked, said: string, cause?: unknown): HmaError =>
  new HmaError('HMA507', `Could not ${doing}: ${said}`, {
    hint: 'Something between hma and the service may have answered, such as a proxy or a firewall. Run again with -v; if it stays so, report what it prints.',
    retryable: 'briefly',
    cause,
  })

/** The error for a refusal, or for an answer from something else: a gateway in front of a service may answer with a web page that it is busy. */
export function unusable(asked: Asked, url: string, answer: HttpAnswer): HmaError {
  const { status, body } = answer
  const page = status < 500 ? webPage(body) : undefined
  if (status >= 400 && page === undefined) return refused(asked, url, answer)
  return unexpectedFormat(asked, `${new URL(url).host} answered ${status} with ${page ?? 'something other than a JSON object'}`)
}

/** Runs a call and reports failures in the user's terms. */
export async function asking<T>(asked: Asked, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Refusal) throw unusable(asked, error.url, error.answer)
    if (error instanceof Unreachable) throw unreached(asked, error)
    if (error instanceof Unreadable) throw unexpectedFormat(asked, `${error.host}: ${error.message}`, error)
    if (isOfShape(error)) throw unexpectedFormat(asked, `${names[asked.service]}: the answer has an unexpected format`, error)
    if (error instanceof HmaError || !(error instanceof Error) || error.name === 'AbortError') throw error
    throw new HmaError('HMA507', `Could not ${asked.doing}: ${error.message}`, { cause: error })
  }
}
