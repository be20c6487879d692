import type { TokenCredential } from '@azure/core-auth'

/**
 * What the SDKs are given for a credential. The channel below them signs every request in; the tokens that the SDKs
 * would keep for themselves could not be replaced when a service stops taking them.
 */
export const signedInBelow: TokenCredential = {
  getToken: async () => ({ token: 'set-by-the-channel', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
}
