const second = 1000
const minute = 60 * second

/** Every limit of a run, in milliseconds unless the name says otherwise. docs/reliability.md lists them for the reader. */
export const limits = {
  /** One attempt at a request: connection, TLS, headers and body together. */
  attempt: minute,
  /** Opening one connection. */
  connect: 10 * second,
  answerBytes: 32 * 1024 * 1024,
  /** One request with its retries. Graph has been seen to ask for a pause of 315 seconds. */
  request: 6 * minute,
  /** Retries while a service is faulty and does not say when to come back. */
  faulty: 2 * minute,
  /** Retries while no connection can be made. */
  unconnected: 30 * second,
  /** Retries while the name of a host does not resolve. */
  unresolved: 5 * second,
  /** What `hma init` proposes: nobody waits longer at a prompt for an answer that can be typed. */
  proposal: 2 * second,
  /** One resource, with everything it asks of the services. */
  resource: 10 * minute,
  /** A missing right that may not count yet. */
  refused: 2.5 * minute,
  /** What was deleted or recovered in a vault, until it is visible. */
  visible: 2 * minute,
  /** One deployment of a run; `--deadline` sets another. */
  run: 60 * minute,
  /** What a write under way is given when the run has to end. */
  lastWrite: 10 * second,
  /** What everything else is given then: after it the process ends, whatever it waits for. */
  leaving: 2 * second,
} as const
