import type { Dataverse, MailboxRights, MailboxRow, Organization } from '../../azure/dataverse/port.ts'
import type { Known, Run } from '../../core/kind.ts'
import { ownProfile } from '../ownProfile.ts'
import type { SharedReads } from '../sharedReads.ts'
import { isRunning, stepsOf } from './steps.ts'

/** What is wanted of one mailbox besides its place on the profile. */
export type MailboxSettings = { readonly address: string; readonly approve: boolean; readonly testAndEnable: boolean }

export type Spec = {
  readonly organization: Organization
  readonly mailboxes: readonly MailboxSettings[]
  /** The profile's name, and the GUID that it has where hma makes it: by these the profile is known before it is there. */
  readonly profileName: string
  readonly profileGuid: string
  readonly profileId: string
}

export type Identity = 'organization' | 'mailboxes' | 'profileName' | 'profileGuid'

export type Outcome = 'not run' | 'success' | 'failure'

/** A mailbox that is wanted, as Dynamics holds it. */
export type Mailbox = {
  /** As the configuration writes it. */
  readonly address: string
  /** Why there is not exactly one such mailbox, and what to do about it. The fields below are missing then. */
  readonly problem?: string
  /** On the profile of this deployment. */
  readonly onProfile: boolean
  readonly profile?: string
  readonly approved?: boolean
  /** ISO instant at which the last Test & Enable ended. */
  readonly testedAt?: string
  readonly testing?: boolean
  readonly incoming?: Outcome
  readonly outgoing?: Outcome
  readonly appointments?: Outcome
  /** Dynamics synchronizes all three. */
  readonly enabled?: boolean
  readonly lastError?: string
  readonly row?: MailboxRow
}

export type Live = {
  readonly organization: Organization
  readonly mailboxes: readonly Mailbox[]
  /** Only asked for where something is to be written. */
  readonly rights?: MailboxRights
}

/** One request for all mailboxes; the rights only where there is something to do. */
export async function observe(
  { dataverse, sight }: { dataverse: Dataverse; sight: SharedReads },
  spec: Known<Spec, Identity>,
  run: Run,
): Promise<Live> {
  const { organization } = spec
  const addresses = spec.mailboxes.map(({ address }) => address)
  const [rows, profileId] = await Promise.all([dataverse.mailboxes(organization, addresses), profileOf(spec, sight, run)])
  const mailboxes = spec.mailboxes.map((wish) => mailboxOf(wish.address, rows, profileId))
  const profile = { profileName: spec.profileName, ...(profileId !== undefined && { profileId }) }
  const todo = spec.mailboxes.flatMap((wish, index) => {
    const mailbox = mailboxes[index]
    return mailbox?.row && stepsOf(wish, mailbox, profile, run.now).some((step) => !isRunning(step)) ? [mailbox.row.id] : []
  })
  if (todo.length === 0) return { organization, mailboxes }
  return { organization, mailboxes, rights: await dataverse.mailboxRights(organization, todo) }
}

/** The profile of this deployment, where there is one. */
async function profileOf(spec: Known<Spec, Identity>, sight: SharedReads, run: Run): Promise<string | undefined> {
  if (spec.profileId !== undefined) return spec.profileId
  const [found, organizationId] = await Promise.all([
    sight.profiles(spec.organization, { id: spec.profileGuid, name: spec.profileName }, run),
    sight.organizationId(spec.organization, run),
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
const outcome = (status: number | undefined): Outcome => (status === 1 ? 'success' : status === 2 ? 'failure' : 'not run')

function problemOf(address: string, all: readonly MailboxRow[], active: readonly MailboxRow[]): string {
  if (all.length === 0)
    return `No mailbox with the address ${address} in Dynamics. Correct dynamics.mailboxes, or give the user or queue this address.`
  if (active.length === 0)
    return `The mailbox ${address} is inactive in Dynamics. Activate it, or take it out of dynamics.mailboxes.`
  const ids = active.map(({ id }) => id).join(', ')
  return `Several mailboxes have the address ${address} (${ids}). Deactivate all but one in Dynamics.`
}
