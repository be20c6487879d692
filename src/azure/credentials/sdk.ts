import type { TokenCredential } from '@azure/core-auth'

/**
 * The credential that the SDKs get. The channel below signs every request in; tokens that the SDKs
 * cached themselves could not be replaced when a service refuses them.
 */
export const signedInBelow: TokenCredential = {
  getToken: async () => ({ token: 'set-by-the-channel', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
}
