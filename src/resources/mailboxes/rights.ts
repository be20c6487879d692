import { HmaError } from '../../core/errors.ts'
import type { Difference, Known } from '../../core/kind.ts'
import type { Live, ProfileIdentity, Spec } from './model.ts'
import { isRunning, stepsOf } from './steps.ts'

type Wanted = Known<Spec, ProfileIdentity>

/**
 * What only a person can change: invalid addresses, and rights that the application user lacks. An identity that may not write
 * profiles either is one that only plans; the rights of the one that applies are not known.
 */
export function obstacles(spec: Wanted, live: Live, now: Date): readonly Difference[] {
  const found = [...problems(live), ...missingRights(spec, live, now)]
  const manual = found.map(({ why }) => why).join(' ')
  return found.map(({ field, why }) => ({ field, why, reason: 'waiting', manual }))
}

interface Obstacle {
  readonly field: string
  readonly why: string
}

const problems = ({ mailboxes }: Live): Obstacle[] =>
  mailboxes.flatMap(({ address, problem }) => (problem === undefined ? [] : [{ field: address, why: problem }]))

function missingRights(spec: Wanted, live: Live, now: Date): Obstacle[] {
  const { rights, mailboxes } = live
  if (!rights?.writesProfiles) return []
  const locked = mailboxes.filter(({ row }) => row && rights.readOnly.includes(row.id)).map(({ address }) => address)
  const unapproved = rights.approves ? [] : unapprovedOf(spec, live, now)
  return [
    ...(locked.length > 0 ? [{ field: 'right to write', why: writing(locked, spec.profileName) }] : []),
    ...(unapproved.length > 0 ? [{ field: 'right to approve', why: approving(unapproved) }] : []),
  ]
}

/** Those still to be approved. */
export const unapprovedOf = (spec: Wanted, { mailboxes }: Live, now: Date): string[] =>
  spec.mailboxes.flatMap((desired, index) => {
    const mailbox = mailboxes[index]
    const steps = mailbox ? stepsOf(desired, mailbox, spec, now) : []
    return steps.some((step) => step.of === 'approval' && !isRunning(step)) ? [desired.address] : []
  })

const centre = 'in the Power Platform admin center, under Environments, Settings'

const writing = (addresses: readonly string[], profileName: string): string =>
  `The application user may not write ${named(addresses)}: give it a security role with Read, Write and Append on Mailbox (prvReadMailbox, prvWriteMailbox, prvAppendMailbox, for the whole organization) and Append To on Email Server Profile; System Administrator has them. Or have an administrator do it: ${centre}, Email, Mailboxes, choose the server profile "${profileName}" and server-side synchronization for all three, then Approve Email and Test & Enable. Then run \`hma apply\` again.`

const approving = (addresses: readonly string[]): string =>
  `The application user may not approve ${named(addresses)}: give it a security role with the privilege "Approve Email Addresses for Users or Queues" (prvApproveRejectEmailAddress). Or have a Dynamics administrator do it: ${centre}, Email, Mailboxes, choose them and Approve Email; for Exchange on-premises it may take a Global or Exchange administrator. Then run \`hma apply\` again.`

/** Names a few of them. */
function named(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 5).join(', ')
  return addresses.length > 5 ? `${shown} and ${addresses.length - 5} more mailboxes` : shown
}

/** Advice for a refused write; any other failure is passed on. */
export function explained(
  error: unknown,
  address: string,
  approves: boolean,
  { profileName }: Pick<Spec, 'profileName'>,
): unknown {
  if (!(error instanceof HmaError && error.isMissingRight)) return error
  const refused = approves && !/prv(?!Approve)\w+/.test(error.message)
  const hint = refused ? `${approving([address])} With approve: false hma leaves it to them.` : writing([address], profileName)
  return new HmaError(error.errorCode, error.message, { hint, retryable: error.retryable, isMissingRight: true, cause: error })
}
