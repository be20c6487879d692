import type { MailboxRights, MailboxRow, Organization } from '../../azure/dataverse/port.ts'

/** What is desired for a mailbox besides its place on the profile. */
export type MailboxSettings = { readonly address: string; readonly approve: boolean; readonly testAndEnable: boolean }

export type Spec = {
  readonly organization: Organization
  readonly mailboxes: readonly MailboxSettings[]
  /** The profile's name, and its GUID if hma makes it: these identify the profile before it exists. */
  readonly profileName: string
  readonly profileGuid: string
  readonly profileId: string
}

export type ProfileIdentity = 'organization' | 'mailboxes' | 'profileName' | 'profileGuid'

export type TestOutcome = 'not run' | 'success' | 'failure'

/** A desired mailbox as Dynamics has it. */
export type Mailbox = {
  /** As the configuration writes it. */
  readonly address: string
  /** Why there is not exactly one such mailbox, and what to do. The fields below are missing then. */
  readonly problem?: string
  /** On the profile of this deployment. */
  readonly onProfile: boolean
  readonly profile?: string
  readonly approved?: boolean
  /** ISO instant at which the last Test & Enable ended. */
  readonly testedAt?: string
  readonly testing?: boolean
  readonly incoming?: TestOutcome
  readonly outgoing?: TestOutcome
  readonly appointments?: TestOutcome
  /** Whether Dynamics synchronizes all three. */
  readonly enabled?: boolean
  readonly lastError?: string
  readonly row?: MailboxRow
}

export type Live = {
  readonly organization: Organization
  readonly mailboxes: readonly Mailbox[]
  /** Read only if something must be written. */
  readonly rights?: MailboxRights
}
