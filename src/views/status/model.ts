import type { Address } from '../../core/kind.ts'
import type { Remark } from '../../core/remark.ts'
import type { Where } from '../../core/where.ts'

/** How something stands that ends. */
interface Ending {
  /** ISO instant. */
  readonly expires: string
  /** Whole days, negative once it is past. */
  readonly days: number
  readonly outlook: 'fine' | 'soon' | 'expired'
}

/** The certificate that the vault serves. */
export interface CertificateStatus extends Ending {
  readonly name: string
  readonly thumbprint: string
  readonly version: string | null
  readonly state: 'current' | 'not trusted' | 'disabled' | 'expired'
  /** ISO instant from which on it gives way to a new one, and where that comes from. */
  readonly renewal: string
  readonly renewedBy: 'hma' | 'your CA' | 'a new file'
  /** A key pair waits for its certificate. */
  readonly pending: boolean
}

/** A certificate that HMA-App trusts. */
export interface TrustedStatus extends Ending {
  readonly keyId: string
  readonly thumbprint: string
  readonly state: 'current' | 'trusted' | 'former' | 'expired'
  readonly ours: boolean
  /** ISO instant from which on it is taken away. */
  readonly until: string | null
}

/** A client secret of KV-App, without its value. */
export interface SecretStatus extends Ending {
  readonly keyId: string
  readonly state: 'held' | 'former' | 'undelivered' | 'unclaimed' | 'unknown'
  readonly heldBy: readonly ('dynamics' | 'vault')[]
  readonly renewal: string | null
  readonly until: string | null
}

/** A credential of a registration that this deployment did not make: it stays. */
export interface OtherStatus extends Ending {
  readonly registration: 'keyVaultApp' | 'hmaApp'
  readonly appId: string
  readonly type: 'secret' | 'certificate'
  readonly name: string | null
  readonly keyId: string
}

export interface DynamicsStatus {
  readonly environmentUrl: string
  readonly profile: string
  readonly profileId: string | null
  /** Whether there is a profile is not known: it could not be read. */
  readonly unread?: boolean
  readonly certificateName: string | null
  readonly hmaApplicationId: string | null
  /** keyId of the secret that it was given last. */
  readonly secret: string | null
}

export interface MailboxStatus {
  readonly address: string
  readonly state: 'works' | 'failed' | 'disabled' | 'testing' | 'untested' | 'elsewhere' | 'not found'
  readonly testedAt: string | null
  readonly incoming: string | null
  readonly outgoing: string | null
  readonly appointments: string | null
  readonly profile: string | null
  readonly error: string | null
}

export interface StatusProblem {
  readonly kind: 'unreadable' | 'missing' | 'broken' | 'expired' | 'expiring'
  readonly what: string
  readonly message: string
  readonly hint?: string
}

/** How a deployment stands by what could be seen of it. */
export interface DeploymentStanding {
  /** There is no problem. */
  readonly ok: boolean
  /** What of all that is in use ends first. */
  readonly expires: { readonly what: string; readonly at: string; readonly days: number } | null
  readonly certificate: CertificateStatus | null
  readonly trusted: readonly TrustedStatus[]
  readonly secrets: readonly SecretStatus[]
  readonly dynamics: DynamicsStatus | null
  readonly mailboxes: readonly MailboxStatus[]
  /** A report of an earlier version has none. */
  readonly others?: readonly OtherStatus[]
  readonly problems: readonly StatusProblem[]
}

/** What `hma status` tells of one deployment. */
export interface Status extends DeploymentStanding {
  /** ISO instant of the look at it. */
  readonly at: string
  /** A report of an earlier version has none. */
  readonly where?: Where
  /** How many changes an apply would make, and how many wait for a person. Nothing where not all of it can be seen. */
  readonly drift: { readonly changes: number; readonly person: number } | null
  /** The resources that could not be read: that nothing is told of them says nothing. A report of an earlier version has no list. */
  readonly unread?: readonly Address[]
  /** What was seen and no apply changes, but that you should know. A report of an earlier version has none. */
  readonly remarks?: readonly Remark[]
  /** What `hma verify` found last, where its answer was given. */
  readonly proof: { readonly ok: boolean; readonly at: string } | null
}

export type Statuses = Readonly<Record<string, Status>>

/** Nothing could be seen of a deployment. */
export const unseen = (message: string): Omit<Status, 'at' | 'proof'> => ({
  ok: false,
  expires: null,
  certificate: null,
  trusted: [],
  secrets: [],
  dynamics: null,
  mailboxes: [],
  problems: [{ kind: 'unreadable', what: 'deployment', message }],
  drift: null,
})
