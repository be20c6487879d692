import type { Secret } from '../../core/secret.ts'
import type { identityColumns, profileColumns, RowOf, referenceColumns } from './columns.ts'

/** The columns of an email server profile that matter to hma, with Dataverse's option values. */
export type ProfileRow = RowOf<typeof profileColumns> & {
  readonly id: string
  readonly name: string
  readonly referenceId: string | undefined
  readonly identityId: string | undefined
  /** A Power Platform managed identity: known only if every column was read, since older environments lack it. */
  readonly platformIdentityId?: string | undefined
}

/** Where the certificate is, as a row of `keyvaultreferences`. */
export type ReferenceRow = RowOf<typeof referenceColumns> & {
  readonly id: string
  readonly keyVaultUri: string
  readonly identityId: string | undefined
}

/** The identity that reads it, as a row of `managedidentities`. Its secret can be written but never read. */
export type IdentityRow = RowOf<typeof identityColumns> & {
  readonly id: string
  /** ISO instant of the last write; Dataverse sets it. */
  readonly modified: string | undefined
}

export interface Profile {
  readonly profile: ProfileRow
  readonly reference: ReferenceRow | undefined
  /** KV-App's identity: the one that the profile points to, or else that of its key vault reference. */
  readonly identity: IdentityRow | undefined
}

/**
 * A mailbox in Dynamics: what is synchronized through which profile, and the last test's results. The numbers are the options of
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
  /** Test & Enable is requested or under way. */
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

/** Which mailbox, and its name for people. */
export type NamedMailbox = Pick<MailboxRow, 'id' | 'address'>

type MailboxColumn = 'profileId' | 'incomingDelivery' | 'outgoingDelivery' | 'appointmentsDelivery' | 'approval' | 'testScheduled'

/** What hma writes of a mailbox. */
export type MailboxChange = { readonly [Field in MailboxColumn]?: NonNullable<MailboxRow[Field]> }

/** What the signed-in application user may do. If the environment does not say, the right is assumed. */
export interface MailboxRights {
  readonly writesProfiles: boolean
  readonly approves: boolean
  /** Ids of the mailboxes it may not write. */
  readonly readOnly: readonly string[]
}

/** Dataverse Web API v9.2 of one environment; `tenantId` is where its tokens come from. */
export interface Organization {
  readonly environmentUrl: string
  readonly tenantId: string
}

/**
 * The three rows of an email server profile, and the mailboxes. A missing row is `undefined`, never an error.
 * We choose the GUIDs of a profile's rows, so that a repeated write is an upsert.
 */
export interface Dataverse {
  /** The id of the organization (WhoAmI), in lower case: a copy of an environment has the same rows but another id. */
  organizationId(organization: Organization): Promise<string>
  /** Every profile with that id or name, with the rows it points to, in one request. */
  profiles(organization: Organization, key: { id: string; name: string }): Promise<readonly Profile[]>
  /** The ids of the rows that point to this one: profiles and, for an identity, key vault references. */
  usersOf(organization: Organization, set: 'keyvaultreferences' | 'managedidentities', id: string): Promise<readonly string[]>
  identity(organization: Organization, id: string): Promise<IdentityRow | undefined>
  reference(organization: Organization, id: string): Promise<ReferenceRow | undefined>
  putProfile(organization: Organization, row: Partial<Omit<ProfileRow, 'id'>> & { readonly id: string }): Promise<void>
  putReference(organization: Organization, row: Partial<Omit<ReferenceRow, 'id'>> & { readonly id: string }): Promise<void>
  /** The name carries the keyId of the secret written with it: the witness of what was delivered. */
  putIdentity(
    organization: Organization,
    row: Partial<Omit<IdentityRow, 'id' | 'modified'>> & { readonly id: string; readonly secret?: Secret },
  ): Promise<void>
  /** Deleting a missing row is not an error. */
  deleteRow(
    organization: Organization,
    set: 'emailserverprofiles' | 'keyvaultreferences' | 'managedidentities',
    id: string,
  ): Promise<void>
  /** Every mailbox with one of these addresses, ignoring case; several may share an address. */
  mailboxes(organization: Organization, addresses: readonly string[]): Promise<readonly MailboxRow[]>
  /** The mailbox must exist. The change is made whole or not at all. */
  updateMailbox(organization: Organization, mailbox: NamedMailbox, change: MailboxChange): Promise<void>
  /** Remove it from its profile. */
  detachMailbox(organization: Organization, mailbox: NamedMailbox): Promise<void>
  mailboxRights(organization: Organization, ids: readonly string[]): Promise<MailboxRights>
}
