import type { Claims } from '../appSignIn/port.ts'
import { looseJson } from '../http/shape.ts'

type Payload = Readonly<Record<string, unknown>>

/**
 * The claims in a token (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). A service may
 * have its tokens encrypted: then there are none to read.
 */
export const payloadOf = (token: string): Payload =>
  looseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))

export function textIn(payload: Payload, name: string): string | undefined {
  const value = payload[name]
  return typeof value === 'string' ? value : undefined
}

export function listOfTexts(payload: Payload, name: string): readonly string[] | undefined {
  const value: unknown = payload[name]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined
}

/** ISO instant at which it ends. */
export function untilOf({ exp }: Payload): string | undefined {
  const date = new Date(typeof exp === 'number' ? exp * 1000 : Number.NaN)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

export function claimsOf(token: string): Claims {
  const claims = payloadOf(token)
  const text = (name: string): string | undefined => textIn(claims, name)
  return {
    ...{ aud: text('aud'), iss: text('iss'), tid: text('tid'), ver: text('ver') },
    appid: text('appid') ?? text('azp'),
    roles: listOfTexts(claims, 'roles') ?? [],
    expires: untilOf(claims),
  }
}
