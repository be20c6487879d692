import { pem } from '../certificates/pem.ts'
import type { Values } from '../core/kind.ts'

/** The certificate signing request waiting in the vault, as PEM, as the survey saw it. */
export function signingRequest(live: Values | undefined): string | undefined {
  const key = live?.key
  const csr = isValues(key) ? key.csr : undefined
  return typeof csr === 'string' ? pem('CERTIFICATE REQUEST', csr) : undefined
}

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null
