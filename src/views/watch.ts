/** How a view measures what it shows of time. It decides nothing: the instants of events come with them. */
export interface Watch {
  /** Since some fixed moment. */
  seconds(): number
  /** Call again and again, without keeping the process alive; the answer stops it. */
  every(milliseconds: number, call: () => void): () => void
}

export const watch: Watch = {
  seconds: () => performance.now() / 1000,
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds)
    timer.unref()
    return () => clearInterval(timer)
  },
}
