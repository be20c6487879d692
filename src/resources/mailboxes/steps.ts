import type { MailboxChange, MailboxRow } from '../../azure/dataverse/port.ts'
import type { Difference } from '../../core/kind.ts'
import { daysUntil } from '../../core/time.ts'
import type { Mailbox, MailboxSettings, Spec } from './model.ts'

/** One thing wrong with a mailbox, and the write that fixes it. */
export interface MailboxStep {
  readonly of: 'profile' | 'delivery' | 'approval' | 'test'
  readonly difference: Difference
  readonly change: MailboxChange
}

/** Nothing to do but wait: Dynamics is already testing the mailbox. */
export const isRunning = ({ difference }: MailboxStep): boolean => difference.pending === true

type Profile = Partial<Pick<Spec, 'profileId' | 'profileName'>>

/** The steps for a mailbox, in order. The options are Dynamics' own: 2 and 1 mean server-side synchronization. */
export function stepsOf(desired: MailboxSettings, mailbox: Mailbox, profile: Profile, now: Date): readonly MailboxStep[] {
  const { row } = mailbox
  if (!row) return []
  const settings = [...profileStep(mailbox, row, profile), ...deliveryStep(mailbox, row)]
  const approval = desired.approve && mailbox.approved === false ? [approvalStep(mailbox, row)] : []
  const test = desired.testAndEnable ? testStep(mailbox, settings, now) : []
  return [...settings, ...approval, ...test]
}

function profileStep({ address, profile }: Mailbox, row: MailboxRow, { profileId, profileName }: Profile): MailboxStep[] {
  if (profileId !== undefined && row.profileId === profileId) return []
  const why = profile === profileName && { why: 'it is on another profile of this name' }
  const difference = { field: `${address}: profile`, from: profile ?? 'none', to: profileName, ...why }
  return [{ of: 'profile', difference, change: profileId === undefined ? {} : { profileId } }]
}

const mailMethods = ['none', 'Dynamics 365 for Outlook', 'server-side synchronization', 'forward mailbox']
const appointmentMethods = ['Dynamics 365 for Outlook', 'server-side synchronization', 'none']

const deliveries = [
  { field: 'incomingDelivery', name: 'incoming', onServer: 2, words: mailMethods },
  { field: 'outgoingDelivery', name: 'outgoing', onServer: 2, words: mailMethods },
  { field: 'appointmentsDelivery', name: 'appointments', onServer: 1, words: appointmentMethods },
] as const

/** Dynamics may have options that hma does not know: they are not none. */
const wordOf = (option: number | undefined, words: readonly string[]): string =>
  option === undefined ? 'none' : (words[option] ?? `option ${option}`)

function deliveryStep({ address }: Mailbox, row: MailboxRow): MailboxStep[] {
  const wrong = deliveries.filter(({ field, onServer }) => row[field] !== onServer)
  if (wrong.length === 0) return []
  const now = wrong.map(({ field, name, words }) => ({ name, word: wordOf(row[field], words) }))
  const alike = now.length === deliveries.length && new Set(now.map(({ word }) => word)).size === 1
  const from = alike ? now[0]?.word : now.map(({ name, word }) => `${name} ${word}`).join(', ')
  const difference = { field: `${address}: delivery`, from, to: 'server-side synchronization' }
  return [{ of: 'delivery', difference, change: Object.fromEntries(wrong.map(({ field, onServer }) => [field, onServer])) }]
}

const approvals = ['none', 'approved', 'pending', 'rejected']

const approvalStep = ({ address }: Mailbox, { approval }: MailboxRow): MailboxStep => ({
  of: 'approval',
  difference: { field: `${address}: approval`, from: wordOf(approval, approvals), to: 'approved' },
  change: { approval: 1 },
})

function testStep(mailbox: Mailbox, settings: readonly MailboxStep[], now: Date): MailboxStep[] {
  const running = mailbox.testing === true && settings.length === 0
  const stale = staleness(mailbox, settings, now)
  if (!running && !stale) return []
  const difference: Difference = {
    field: `${mailbox.address}: test`,
    ...stale,
    to: 'passed',
    ...(running && { why: `${mailbox.address} is being tested`, pending: true }),
  }
  return [{ of: 'test', difference, change: { testScheduled: true } }]
}

/**
 * Why the last test does not count. A passed test stays valid, whatever was renewed since: hma proves each new link itself, and Dynamics
 * disables a mailbox whose sign-in fails, which shows here.
 */
function staleness(mailbox: Mailbox, settings: readonly MailboxStep[], now: Date): { from: string; why?: string } | undefined {
  const { testedAt, enabled } = mailbox
  const untested = parts(mailbox, 'not run')
  if (testedAt === undefined || untested.length === tested.length) return { from: 'never' }
  const when = `tested ${ago(testedAt, now)}`
  const other = settings.some((step) => step.of === 'profile') ? 'another profile' : 'other settings'
  if (settings.length > 0) return { from: 'outdated', why: `${when} with ${other}` }
  if (parts(mailbox, 'failure').length > 0) return { from: 'failed', why: `the last test failed: ${resultOf(mailbox)}` }
  if (untested.length > 0) return { from: 'never', why: `${untested.join(' and ')} never tested${errorOf(mailbox)}` }
  return enabled ? undefined : { from: 'disabled', why: `${when}, and disabled since${errorOf(mailbox)}` }
}

const tested = ['incoming', 'outgoing', 'appointments'] as const

const parts = (mailbox: Mailbox, outcome: Mailbox['incoming']): string[] => tested.filter((part) => mailbox[part] === outcome)

/** `incoming failure, outgoing success, appointments success (what Dynamics says)` */
export const resultOf = (mailbox: Mailbox): string =>
  `${tested.map((part) => `${part} ${mailbox[part] ?? 'not run'}`).join(', ')}${errorOf(mailbox)}`

/** Dynamics' text in full: the remedy is often at its end. */
const errorOf = ({ lastError }: Mailbox): string => {
  const text = lastError?.replace(/\s+/g, ' ').trim() ?? ''
  return text === '' ? '' : ` (${text})`
}

const ago = (instant: string, now: Date): string => {
  const days = daysUntil(now.getTime(), new Date(instant))
  return days < 1 ? 'less than a day ago' : days === 1 ? 'a day ago' : `${days} days ago`
}
