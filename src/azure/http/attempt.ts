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

/** Tells an attempt that it must end early. An AbortController does the same for several times the CPU time. */
export class Ending {
  #reason: Error | undefined
  readonly #listeners: ((reason: Error) => void)[] = []

  /** Calls this when the attempt must end; at once if it must already. */
  tell(listener: (reason: Error) => void): void {
    this.#listeners.push(listener)
    if (this.#reason !== undefined) listener(this.#reason)
  }

  /** Set once it must end. */
  get reason(): Error | undefined {
    return this.#reason
  }

  end(reason: unknown): void {
    if (this.#reason !== undefined) return
    this.#reason = reason instanceof Error ? reason : new Error(String(reason))
    for (const listener of this.#listeners) listener(this.#reason)
  }
}

/**
 * Runs the work until it is done, a signal is given, or its time is up. It ends then even if the work does not:
 * undici ignores it while connecting (https://github.com/nodejs/undici/pull/5441).
 */
export async function bounded<Result>(
  sources: readonly (AbortSignal | undefined)[],
  milliseconds: number,
  work: (ending: Ending) => Promise<Result>,
): Promise<Result> {
  const ending = new Ending()
  const timedOut = (): void => ending.end(new AttemptEnded('TIMED_OUT', `no complete answer within ${inWords(milliseconds)}`))
  const timer = setTimeout(timedOut, milliseconds)
  const releases = sources.map((source) => follow(source, ending))
  try {
    return await new Promise<Result>((resolve, reject) => {
      ending.tell(reject)
      work(ending).then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    for (const release of releases) release()
  }
}

/** The attempts that follow each signal. One listener per signal, because adding a listener scans the existing ones. */
const followers = new WeakMap<AbortSignal, Set<Ending>>()

/** AbortSignal.any keeps its signals for as long as their sources live; a run has one signal and thousands of requests. */
function follow(source: AbortSignal | undefined, ending: Ending): () => void {
  if (source === undefined) return () => {}
  if (source.aborted) ending.end(source.reason)
  const following = followers.get(source) ?? followed(source)
  following.add(ending)
  return () => void following.delete(ending)
}

function followed(source: AbortSignal): Set<Ending> {
  const following = new Set<Ending>()
  followers.set(source, following)
  const abort = (): void => {
    for (const one of following) one.end(source.reason)
  }
  source.addEventListener('abort', abort, { once: true })
  return following
}

/** The signal, for writes: one that is under way is not cut off at once. One for all who ask, as adding a listener scans the existing ones. */
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
