/** What goes wrong by a rule of the service's own, and not by a single fault; switched off unless somebody asks for it. */
export interface FaultSettings {
  /** Milliseconds that must pass between two writes of one registration's credentials; until then the second is refused. */
  credentialPause: number
  /** Milliseconds within which `addPassword` may undo a PATCH of the same registration's certificates, and the other way round. */
  lostUpdate: number
  /** Seconds for which a token is good. */
  tokenLifetime: number
  /** The tenants' policy forbids new client secrets. */
  forbidSecrets: boolean
  /** Days that the tenants' policy allows a client secret and a certificate to live at the most; 0: as long as they like. */
  secretDays: number
  certificateDays: number
  /** So many RSA key pairs are made once, and given out in turn to whatever world asks; 0: each is made anew. */
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

/** What is met by way of a setting, and is counted as the faults are. */
export type Condition =
  | 'stale read'
  | 'concurrent credential write'
  | 'lost update'
  | 'right not propagated'
  | 'expired token'
  | 'forbidden by policy'
  | 'vault without a name yet'
