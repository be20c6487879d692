import { HmaError } from '../../core/errors.ts'
import { looseJson } from '../http/shape.ts'

/** The object id of the identity that a token was issued to (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). */
export function callerOf(token: string): string {
  const payload = token.split('.')[1] ?? ''
  const { oid } = looseJson(Buffer.from(payload, 'base64url').toString('utf8'))
  if (typeof oid === 'string') return oid
  throw new HmaError('HMA204', 'The token of Azure Resource Manager does not say who it was given to', {
    hint: 'Sign in with another credential for this tenant under `auth`.',
  })
}
