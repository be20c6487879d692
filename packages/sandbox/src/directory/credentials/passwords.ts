import { createHash, randomInt } from 'node:crypto'
import type { PasswordCredential } from '../state.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** What the directory stores of a secret. */
export const keptSecret = (
  secret: string,
  { keyId, displayName, startDateTime, endDateTime }: Omit<PasswordCredential, 'hint' | 'sha256'>,
): PasswordCredential => ({ keyId, displayName, startDateTime, endDateTime, hint: secret.slice(0, 3), sha256: sha256(secret) })

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-'

const pick = (count: number): string => Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('')

/** A secret as Entra makes them: 40 characters with `8Q~` after the first three. */
export const newSecret = (): string => `${pick(3)}8Q~${pick(34)}`
