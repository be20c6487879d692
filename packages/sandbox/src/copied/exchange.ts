import type { Azure } from '../azure.ts'
import { serverAt } from '../exchange/server.ts'
import type { ExchangeServer } from '../exchange/state.ts'
import type { CopiedExchange, Copy } from './copy.ts'

/**
 * Exchange, answering requests without a token as it did when copied:
 * https://learn.microsoft.com/exchange/clients/outlook-for-ios-and-android/use-hybrid-modern-auth
 */
export function putExchange({ world }: Azure, copy: Copy): void {
  for (const seen of copy.exchange) {
    const server = serverAt(world.exchange, seen.ewsUrl)
    if (server) Object.assign(server, seenOf(seen))
  }
}

function seenOf({ status, challenges, server, build }: CopiedExchange): Partial<ExchangeServer> {
  const name = { ...(server !== undefined && { serverName: server }), ...(build !== undefined && { build }) }
  if (status === 440) return { ...name, preAuthentication: 'loginTimeout' }
  if (status >= 300 && status < 400) return { ...name, preAuthentication: 'redirect' }
  if (status !== 401) return { ...name, ewsEnabled: false }
  const bearer = challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer')?.parameters
  const { authorization_uri: authorizationUri, trusted_issuers: issuers = '' } = bearer ?? {}
  const trusted = issuers.split(',').flatMap((issuer) => issuer.trim().split('@').slice(1))
  return {
    ...name,
    oauthEnabled: bearer !== undefined,
    hmaEnabled: authorizationUri !== undefined,
    ...(authorizationUri !== undefined && { authorizationUri }),
    ...trustedIn(trusted),
  }
}

/** A server that trusts any tenant trusts the hybrid's. */
const trustedIn = ([first]: readonly string[]): Partial<ExchangeServer> =>
  first === undefined || first === '*' ? {} : { trustedTenantId: first.toLowerCase() }
