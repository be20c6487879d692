import type { Dataverse } from './dataverse/state.ts'
import type { Directory } from './directory/state.ts'
import type { Exchange } from './exchange/state.ts'
import type { Condition, FaultSettings } from './faults/settings.ts'
import type { Vaults } from './keyVault/state.ts'
import type { OpenQuestions } from './openQuestions.ts'
import type { Resources } from './resourceManager/state.ts'
import type { Principal, Seed, SeededPrincipal } from './seed.ts'

export type { Principal, Seed, SeededPrincipal }

/** Everything the sandbox knows: plain data, kept in one JSON file between commands. */
export interface World {
  readonly format: 1
  /** Milliseconds that the sandbox's clock is ahead of the machine's. */
  ahead: number
  /** Set if the clock stands still until it is advanced: milliseconds since 1970, to which `ahead` is added. */
  stands?: number
  /** How many key pairs were taken from the pool (`Settings.keyPool`). */
  keysTaken?: number
  /** RSA keys that sign tokens and the servers' certificates, as PEM. */
  keys: { tokens: string; authority: { key: string; certificate: string } }
  /** What has been seeded already. It is not seeded again, so anything deleted stays deleted. */
  seeded: string[]
  directory: Directory
  resources: Resources
  vaults: Vaults
  dataverse: Dataverse
  exchange: Exchange
}

/** The sandbox's behaviour where the documentation, or chance, leaves a choice. */
export interface Settings extends Partial<FaultSettings>, Partial<OpenQuestions> {
  /** Longest time, in milliseconds, for which a replica of the directory may answer with the state before a write. */
  replicationLag: number
  /** Milliseconds until a role assignment or an access policy takes effect in the vault's data plane. */
  propagation: number
  /** Milliseconds for which a new vault is `RegisteringDns`. */
  registeringDns: number
  /** UNCONFIRMED: does `accessPolicies/add` merge the permissions with those of an existing entry, or replace them? */
  accessPoliciesAdd: 'union' | 'overwrite'
  /** UNCONFIRMED: does a list with `$select=keyCredentials` show `key`? */
  keyInLists: boolean
  /** UNCONFIRMED: which status answers a role assignment that is PUT again with the same content? */
  repeatedRoleAssignment: 200 | 201
  /** UNCONFIRMED: does the merged certificate keep the tags of the create request if the merge names none? */
  mergeKeepsTags: boolean
  /** UNCONFIRMED: is a version that waits for its signature shown as current although an older one exists? */
  pendingHidesCurrent: boolean
  /** UNCONFIRMED: may an application user approve email addresses in Dynamics, given the privilege? */
  applicationsApprove: boolean
  /** Refuse a request if one of its query options or body properties is ignored? If not, the log names it. */
  strict?: boolean
  /** Milliseconds that Test & Enable of a mailbox takes. */
  mailboxTest: number
}

/** The caller, according to the bearer token. */
export interface Caller {
  readonly tenantId: string
  readonly appId: string
  /** Object id of the service principal. */
  readonly objectId: string
  readonly roles: readonly string[]
}

/** What each service of the sandbox can use. */
export interface Azure {
  readonly world: World
  readonly settings: Settings
  now(): Date
  /** The caller, if the token is ours, not expired and for one of these audiences; otherwise what is wrong with the token. */
  authenticate(request: Request, audiences: readonly string[]): Caller | TokenProblem
  /** A number in [0, 1) from the seeded generator: lag and flapping are repeatable. */
  random(): number
  /** Counts how often a setting took effect. */
  met?(condition: Condition): void
}

export type TokenProblem = 'missing' | 'malformed' | 'expired' | 'audience'

export const isCaller = (answer: Caller | TokenProblem): answer is Caller => typeof answer === 'object'

/** One request that the sandbox answered. */
export interface LogEntry {
  readonly at: string
  /** `proxy`: a connection that was refused. */
  readonly service: 'login' | 'management' | 'graph' | 'keyVault' | 'dataverse' | 'exchange' | 'sandbox' | 'proxy'
  readonly method: string
  readonly url: string
  /** 0 if the connection was closed without an answer. */
  readonly status: number
  readonly caller: string | undefined
  /** The injected fault. */
  readonly fault?: string
  /** Query options and body properties that were ignored. */
  readonly ignored?: readonly string[]
}
