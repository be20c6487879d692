import type { View } from './view.ts'

/** A view whose messages are also kept in a log. Results are not: they are on stdout, and one of them may be a secret. */
export const logged = (view: View, log: View): View => ({
  ...view,
  proposal(...told) {
    view.proposal(...told)
    log.proposal(...told)
  },
  event(...told) {
    view.event(...told)
    log.event(...told)
  },
  summary(tally) {
    view.summary(tally)
    log.summary(tally)
  },
  note(message) {
    view.note(message)
    log.note(message)
  },
  error(error) {
    view.error(error)
    log.error(error)
  },
})
