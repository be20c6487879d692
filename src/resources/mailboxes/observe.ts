import type { Dataverse, MailboxRow } from '../../azure/dataverse/port.ts'
import type { Known, Run } from '../../core/kind.ts'
import { ownProfile } from '../ownProfile.ts'
import type { SharedReads } from '../sharedReads.ts'
import type { Live, Mailbox, ProfileIdentity, Spec, TestOutcome } from './model.ts'
import { isRunning, stepsOf } from './steps.ts'

/** One request for all mailboxes; the rights only if there is something to do. */
export async function observeMailboxes(
  { dataverse, reads }: { dataverse: Dataverse; reads: SharedReads },
  spec: Known<Spec, ProfileIdentity>,
  run: Run,
): Promise<Live> {
  const { organization } = spec
  const addresses = spec.mailboxes.map(({ address }) => address)
  const [rows, profileId] = await Promise.all([dataverse.mailboxes(organization, addresses), profileOf(spec, reads, run)])
  const mailboxes = spec.mailboxes.map((desired) => mailboxOf(desired.address, rows, profileId))
  const profile = { profileName: spec.profileName, ...(profileId !== undefined && { profileId }) }
  const todo = spec.mailboxes.flatMap((desired, index) => {
    const mailbox = mailboxes[index]
    return mailbox?.row && stepsOf(desired, mailbox, profile, run.now).some((step) => !isRunning(step)) ? [mailbox.row.id] : []
  })
  if (todo.length === 0) return { organization, mailboxes }
  return { organization, mailboxes, rights: await dataverse.mailboxRights(organization, todo) }
}

/** The profile of this deployment, if there is one. */
async function profileOf(spec: Known<Spec, ProfileIdentity>, reads: SharedReads, run: Run): Promise<string | undefined> {
  if (spec.profileId !== undefined) return spec.profileId
  const [found, organizationId] = await Promise.all([
    reads.profiles(spec.organization, { id: spec.profileGuid, name: spec.profileName }, run),
    reads.organizationId(spec.organization),
  ])
  return ownProfile(found, { madeId: spec.profileGuid, organizationId, deployment: run.owner }).own?.profile.id
}

function mailboxOf(address: string, rows: readonly MailboxRow[], profileId: string | undefined): Mailbox {
  const all = rows.filter((row) => row.address.toLowerCase() === address.toLowerCase())
  const active = all.filter((row) => row.active)
  const [row] = active
  if (!row || active.length > 1) return { address, onProfile: false, problem: problemOf(address, all, active) }
  const { profileName, testedAt, lastError } = row
  return {
    address,
    onProfile: row.profileId !== undefined && row.profileId === profileId,
    ...(row.profileId !== undefined && { profile: profileName ?? row.profileId }),
    approved: row.approval === approved,
    testing: row.testScheduled,
    ...(testedAt !== undefined && { testedAt }),
    incoming: outcome(row.incomingStatus),
    outgoing: outcome(row.outgoingStatus),
    appointments: outcome(row.appointmentsStatus),
    enabled: row.incomingEnabled && row.outgoingEnabled && row.appointmentsEnabled,
    ...(lastError !== undefined && { lastError }),
    row,
  }
}

const approved = 1

/** Options 0, 1 and 2 of the status columns. */
const outcome = (status: number | undefined): TestOutcome => (status === 1 ? 'success' : status === 2 ? 'failure' : 'not run')

function problemOf(address: string, all: readonly MailboxRow[], active: readonly MailboxRow[]): string {
  if (all.length === 0)
    return `No mailbox with the address ${address} in Dynamics. Correct dynamics.mailboxes, or set this address on the user or queue.`
  if (active.length === 0)
    return `The mailbox ${address} is inactive in Dynamics. Activate it, or remove it from dynamics.mailboxes.`
  const ids = active.map(({ id }) => id).join(', ')
  return `Several mailboxes have the address ${address} (${ids}). Deactivate all but one in Dynamics.`
}
