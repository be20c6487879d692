/** Requests to one vault are answered one at a time, so that none sees another's work half done. */
export function oneAtATime<Key extends object>(): (key: Key, work: () => Promise<void>) => Promise<void> {
  const last = new WeakMap<Key, Promise<void>>()
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work)
    last.set(
      key,
      mine.catch(() => undefined),
    )
    return mine
  }
}
