import type { Secret } from '../../core/secret.ts'
import type { KeyVault } from '../keyVault/port.ts'

/** What an access token says of itself. Nobody has checked it: the token is the service's to check. */
export interface Claims {
  readonly aud: string | undefined
  readonly iss: string | undefined
  readonly tid: string | undefined
  /** The application that signed in: `appid` in tokens of version 1, `azp` in those of version 2. */
  readonly appid: string | undefined
  readonly roles: readonly string[]
  readonly ver: string | undefined
  /** ISO instant. */
  readonly expires: string | undefined
}

export interface Token {
  readonly value: Secret
  readonly claims: Claims
}

/** The token endpoint, used as Dynamics uses it: to prove a credential, not to work with it. */
export interface SignIn {
  /** Is there such a tenant in this cloud? */
  tenantExists(tenantId: string): Promise<boolean>

  /**
   * Sign in as the application with its secret, for Key Vault's audience.
   * False while Entra refuses the secret as unknown (AADSTS7000215), which is what a fresh one gets for some seconds.
   */
  accepts(tenantId: string, appId: string, secret: Secret): Promise<boolean>

  /** The vault as the application with that secret sees it. The errors of its methods are those of sign-in, too. */
  vaultAs(tenantId: string, appId: string, secret: Secret): Pick<KeyVault, 'certificate' | 'secretValue'>

  /**
   * Sign in as the application with an assertion that its certificate's key signs. `pem` holds the private key and the certificate;
   * `resource` is what the token is meant for, `https://mail.contoso.com`.
   */
  tokenByCertificate(tenantId: string, appId: string, pem: Secret, resource: string): Promise<Token>
}
