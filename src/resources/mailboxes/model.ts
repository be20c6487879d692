import type { MailboxRights, MailboxRow, Organization } from '../../azure/dataverse/port.ts'

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
