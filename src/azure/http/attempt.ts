import { inWords } from '../../core/deadline.ts'
import { limits } from '../../core/limits.ts'

/** hma itself ended an attempt. `code` is in the place of a failed connection's code. */
export class AttemptEnded extends Error {
  readonly code: 'TIMED_OUT' | 'ANSWER_TOO_LONG'

  constructor(code: AttemptEnded['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Runs the work until it is done, a signal is given, or its time is up. It ends then even if the work ignores the signal, as a
 * resolver does.
 */
export async function bounded<Result>(
  sources: readonly (AbortSignal | undefined)[],
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  const timedOut = (): void =>
    controller.abort(new AttemptEnded('TIMED_OUT', `no complete answer within ${inWords(milliseconds)}`))
  const timer = setTimeout(timedOut, milliseconds)
  const releases = sources.map((source) => follow(source, controller))
  try {
    return await Promise.race([ended, work(controller.signal)])
  } finally {
    clearTimeout(timer)
    for (const release of releases) release()
  }
}

/** The controllers that follow each signal. One listener per signal, because adding a listener scans the existing ones. */
const followers = new WeakMap<AbortSignal, Set<AbortController>>()

/** AbortSignal.any keeps its signals for as long as their sources live; a run has one signal and thousands of requests. */
function follow(source: AbortSignal | undefined, controller: AbortController): () => void {
  if (source === undefined) return () => {}
  if (source.aborted) controller.abort(source.reason)
  const following = followers.get(source) ?? followed(source)
  following.add(controller)
  return () => void following.delete(controller)
}

function followed(source: AbortSignal): Set<AbortController> {
  const following = new Set<AbortController>()
  followers.set(source, following)
  const abort = (): void => {
    for (const one of following) one.abort(source.reason)
  }
  source.addEventListener('abort', abort, { once: true })
  return following
}

/** The signal for writes: a write in progress is not cut off at once. One per source, because adding a listener scans the existing ones. */
export function forWrites(signal: AbortSignal): AbortSignal {
  const found = delayed.get(signal)
  if (found !== undefined) return found
  const controller = new AbortController()
  const abort = (): void => void setTimeout(() => controller.abort(signal.reason), limits.lastWrite).unref()
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  delayed.set(signal, controller.signal)
  return controller.signal
}

const delayed = new WeakMap<AbortSignal, AbortSignal>()
