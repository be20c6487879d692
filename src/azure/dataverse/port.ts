import type { Secret } from '../../core/secret.ts'
import type { identityColumns, profileColumns, RowOf, referenceColumns } from './columns.ts'

/** The columns of an email server profile that hma cares for, as Dataverse names its options. */
export type ProfileRow = RowOf<typeof profileColumns> & {
  readonly id: string
  readonly name: string
  readonly referenceId: string | undefined
  readonly identityId: string | undefined
  /** A managed identity of Power Platform: told only where every column is read, since older environments do not have it. */
  readonly platformIdentityId?: string | undefined
}

/** Where the certificate is: a row of `keyvaultreferences`. */
export type ReferenceRow = RowOf<typeof referenceColumns> & {
  readonly id: string
  readonly keyVaultUri: string
  readonly identityId: string | undefined
}

/** Who reads it: a row of `managedidentities`. Its secret can be written and never read. */
export type IdentityRow = RowOf<typeof identityColumns> & {
  readonly id: string
  /** ISO instant of the last write; Dataverse sets it. */
  readonly modified: string | undefined
}

export interface Profile {
  readonly profile: ProfileRow
  readonly reference: ReferenceRow | undefined
  /** KV-App's: the identity that the profile points to, or else its key vault reference. */
  readonly identity: IdentityRow | undefined
}

/**
 * A mailbox of Dynamics: what is synchronized through which profile, and what the last test found. The numbers are the options of
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox.
 */
export interface MailboxRow {
  readonly id: string
  readonly address: string
  readonly active: boolean
  readonly profileId: string | undefined
  readonly profileName: string | undefined
  readonly incomingDelivery: number | undefined
  readonly outgoingDelivery: number | undefined
  readonly appointmentsDelivery: number | undefined
  readonly approval: number | undefined
  /** Test & Enable is asked for, or under way. */
  readonly testScheduled: boolean
  /** ISO instant at which the last test ended. */
  readonly testedAt: string | undefined
  readonly incomingStatus: number | undefined
  readonly outgoingStatus: number | undefined
  readonly appointmentsStatus: number | undefined
  readonly incomingEnabled: boolean
  readonly outgoingEnabled: boolean
  readonly appointmentsEnabled: boolean
  readonly lastError: string | undefined
}

/** Which mailbox, and how people call it. */
export type NamedMailbox = Pick<MailboxRow, 'id' | 'address'>

type MailboxColumn = 'profileId' | 'incomingDelivery' | 'outgoingDelivery' | 'appointmentsDelivery' | 'approval' | 'testScheduled'

/** What hma writes of a mailbox. */
export type MailboxChange = { readonly [Field in MailboxColumn]?: NonNullable<MailboxRow[Field]> }

/** What the signed-in application user may do. Where the environment does not tell, the right is taken for granted. */
export interface MailboxRights {
  readonly writesProfiles: boolean
  readonly approves: boolean
  /** Ids of the mailboxes that it may not write. */
  readonly readOnly: readonly string[]
}

/** Dataverse Web API v9.2 of one environment; `tenantId` is where its tokens come from. */
export interface Organization {
  readonly environmentUrl: string
  readonly tenantId: string
}

/**
 * The three rows of an email server profile, and the mailboxes. A missing row is `undefined`, never an error.
 * The rows of a profile are named by GUIDs of ours, so that a repeated write is an upsert.
 */
export interface Dataverse {
  /** The id of the organization (WhoAmI): a copy of an environment has all the rows, and another id. Lower case. */
  organizationId(organization: Organization): Promise<string>
  /** Every profile with that id or that name, with the rows that it points to, in one request. */
  profiles(organization: Organization, key: { id: string; name: string }): Promise<readonly Profile[]>
  /** The ids of the rows that point to this one: profiles, and for an identity key vault references too. */
  usersOf(organization: Organization, set: 'keyvaultreferences' | 'managedidentities', id: string): Promise<readonly string[]>
  identity(organization: Organization, id: string): Promise<IdentityRow | undefined>
  reference(organization: Organization, id: string): Promise<ReferenceRow | undefined>
  putProfile(organization: Organization, row: Partial<Omit<ProfileRow, 'id'>> & { readonly id: string }): Promise<void>
  putReference(organization: Organization, row: Partial<Omit<ReferenceRow, 'id'>> & { readonly id: string }): Promise<void>
  /** The name carries the keyId of the secret that is written with it: the witness of what was delivered. */
  putIdentity(
    organization: Organization,
    row: Partial<Omit<IdentityRow, 'id' | 'modified'>> & { readonly id: string; readonly secret?: Secret },
  ): Promise<void>
  /** Deleting what is not there is not an error. */
  deleteRow(
    organization: Organization,
    set: 'emailserverprofiles' | 'keyvaultreferences' | 'managedidentities',
    id: string,
  ): Promise<void>
  /** Every mailbox with one of these addresses, whatever the letter case; there may be several of one address. */
  mailboxes(organization: Organization, addresses: readonly string[]): Promise<readonly MailboxRow[]>
  /** The mailbox must exist. All of the change counts, or none. */
  updateMailbox(organization: Organization, mailbox: NamedMailbox, change: MailboxChange): Promise<void>
  /** It has no profile any more. */
  detachMailbox(organization: Organization, mailbox: NamedMailbox): Promise<void>
  mailboxRights(organization: Organization, ids: readonly string[]): Promise<MailboxRights>
}
