import type { Claims } from '../appSignIn/port.ts'
import { looseJson } from '../http/shape.ts'

/**
 * What stands in a token (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). A service may
 * have its tokens sealed: then nothing does.
 */
export function claimsOf(token: string): Claims {
  const claims = looseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  const text = (name: string): string | undefined => {
    const value = claims[name]
    return typeof value === 'string' ? value : undefined
  }
  const roles: readonly unknown[] = Array.isArray(claims.roles) ? claims.roles : []
  return {
    aud: text('aud'),
    iss: text('iss'),
    tid: text('tid'),
    appid: text('appid') ?? text('azp'),
    roles: roles.filter((role) => typeof role === 'string'),
    ver: text('ver'),
    expires: instantOf(claims.exp),
  }
}

function instantOf(seconds: unknown): string | undefined {
  const date = new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
