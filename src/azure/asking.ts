import { HmaError } from '../core/errors.ts'
import { type Asked, refused, unreached } from './azureError.ts'
import { Refusal } from './refusal.ts'
import { Unreachable } from './unreachable.ts'

/** Run a call, and say in the operator's words what failed. */
export async function asking<T>(asked: Asked, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Refusal) throw refused(asked, error.url, error.answer)
    if (error instanceof Unreachable) throw unreached(asked, error)
    if (error instanceof HmaError || !(error instanceof Error) || error.name === 'AbortError') throw error
    throw new HmaError(`Could not ${asked.doing}: ${error.message}`, { cause: error })
  }
}
