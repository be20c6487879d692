import type { Secret } from '../core/secret.ts'

/** The token endpoint, used as Dynamics uses it: to prove a credential, not to work with it. */
export interface SignIn {
  /**
   * Sign in as the application with its secret, for Key Vault's audience.
   * False while Entra refuses the secret as unknown (AADSTS7000215), which is what a fresh one gets for some seconds.
   */
  accepts(tenantId: string, appId: string, secret: Secret): Promise<boolean>
}
