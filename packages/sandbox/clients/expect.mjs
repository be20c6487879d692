import { equal } from 'node:assert/strict'

/** Every item of a paged list. */
export async function all(pages) {
  const found = []
  for await (const each of pages) found.push(each)
  return found
}

/** Expects the request to be refused with this code. */
export async function refused(promise, code) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  )
  equal(error?.code ?? 'not refused', code)
}

/** A name that no earlier run has used. */
export const fresh = (prefix) => `${prefix}-${Date.now().toString(36)}`
