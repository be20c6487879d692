const second = 1000
const minute = 60 * second

/** All limits of a run, in milliseconds unless the name says otherwise. docs/reliability.md lists them for readers. */
export const limits = {
  /** One attempt at a request: connection, TLS, headers and body together. */
  attempt: minute,
  /** Opening one connection. */
  connect: 10 * second,
  answerBytes: 32 * 1024 * 1024,
  /** One request with its retries. Graph has been seen to ask for a pause of 315 seconds. */
  request: 6 * minute,
  /** Retries while a service fails without saying when to come back. */
  faulty: 2 * minute,
  /** Retries while no connection can be made. */
  unconnected: 30 * second,
  /** Retries while the name of a host does not resolve. */
  unresolved: 5 * second,
  /** Finding a proposal for `hma init`: typing the answer is quicker than a longer wait. */
  proposal: 2 * second,
  /** One resource, with everything it asks of the services. */
  resource: 10 * minute,
  /** Writes to one resource that leave it with the same differences. */
  writes: 8,
  /** A missing right that may just not be effective yet. */
  refused: 2.5 * minute,
  /** A deletion or recovery in a vault, until it is visible. */
  visible: 2 * minute,
  /** One deployment of a run; `--deadline` sets another. */
  run: 60 * minute,
  /** Grace for a write under way when the run has to end. */
  lastWrite: 10 * second,
  /** Grace for everything else when the run has to end; after that the process exits regardless. */
  leaving: 2 * second,
} as const
