import type { Values } from '../../core/kind.ts'
import { blocksAt, textAt } from '../seen.ts'

/** Each configured mailbox with the result of its last test. */
export const mailboxesStatus = (live: Values | undefined) => blocksAt(live, 'mailboxes').map(mailbox)

function mailbox(one: Values) {
  const text = (field: string): string | null => textAt(one, field) ?? null
  return {
    address: text('address') ?? '',
    state: stateOf(one),
    testedAt: text('testedAt'),
    incoming: text('incoming'),
    outgoing: text('outgoing'),
    appointments: text('appointments'),
    /** The profile it is on, whichever that is. */
    profile: text('profile'),
    error: text('problem') ?? text('lastError'),
  }
}

type State = 'works' | 'failed' | 'disabled' | 'testing' | 'untested' | 'elsewhere' | 'not found'

function stateOf(one: Values): State {
  const results = [one.incoming, one.outgoing, one.appointments]
  if (one.problem !== undefined) return 'not found'
  if (one.onProfile !== true) return 'elsewhere'
  if (one.testing === true) return 'testing'
  if (one.testedAt === undefined || results.every((result) => result === 'not run')) return 'untested'
  if (results.every((result) => result === 'success')) return one.enabled === true ? 'works' : 'disabled'
  return 'failed'
}
