import type { Secret } from '../../core/secret.ts'
import type { KeyVault } from '../keyVault/port.ts'

/** What an access token says about itself, unchecked: checking it is up to the service. */
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

/** The token endpoint, used as Dynamics uses it, to prove that a credential works. */
export interface SignIn {
  /** Does this tenant exist in this cloud? */
  tenantExists(tenantId: string): Promise<boolean>

  /**
   * Sign in as the application with its secret, for Key Vault's audience.
   * False while Entra refuses the secret as unknown (AADSTS7000215), as it does for some seconds after the secret is created.
   */
  accepts(tenantId: string, appId: string, secret: Secret): Promise<boolean>

  /** The vault as seen by the application with that secret. Its methods can fail with errors of sign-in, too. */
  vaultAs(tenantId: string, appId: string, secret: Secret): Pick<KeyVault, 'certificate' | 'secretValue'>

  /**
   * Sign in as the application with an assertion that its certificate's key signs. `pem` holds the private key and the certificate;
   * `resource` is the audience of the token, `https://mail.contoso.com`.
   */
  tokenByCertificate(tenantId: string, appId: string, pem: Secret, resource: string): Promise<Token>
}
