/** Failures caused by a rule of the service rather than by a single fault; off by default. */
export interface FaultSettings {
  /** Milliseconds that must pass between two writes of one registration's credentials; until then the second is refused. */
  credentialPause: number
  /** Milliseconds within which `addPassword` may undo a PATCH of the same registration's certificates, and the other way round. */
  lostUpdate: number
  /** Lifetime of a token in seconds. */
  tokenLifetime: number
  /** The tenants' policy forbids new client secrets. */
  forbidSecrets: boolean
  /** Longest lifetime in days that the tenants' policy allows a client secret and a certificate; 0: no limit. */
  secretDays: number
  certificateDays: number
  /** How many RSA key pairs are generated once and handed out in turn; 0: every key is generated on demand. */
  keyPool: number
}

export const noFaultSettings: Readonly<FaultSettings> = {
  credentialPause: 0,
  lostUpdate: 0,
  tokenLifetime: 3600,
  forbidSecrets: false,
  secretDays: 0,
  certificateDays: 0,
  keyPool: 0,
}

const isDuration = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && isDuration(value)

export const allowedFaultSettings: Record<keyof FaultSettings, (value: unknown) => boolean> = {
  credentialPause: isDuration,
  lostUpdate: isDuration,
  tokenLifetime: (value) => isCount(value) && value !== 0,
  forbidSecrets: (value) => typeof value === 'boolean',
  secretDays: isCount,
  certificateDays: isCount,
  keyPool: isCount,
}

/** Effects of a setting, counted as faults are. */
export type Condition =
  | 'stale read'
  | 'concurrent credential write'
  | 'lost update'
  | 'right not propagated'
  | 'expired token'
  | 'forbidden by policy'
  | 'vault without a name yet'
