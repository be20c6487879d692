import type { Application, KeyCredential, PasswordCredential, ServicePrincipal } from '../directory/state.ts'

/** An application as it signs in, with the credentials of its registration and of its service principal. */
export interface Client {
  readonly appId: string
  readonly application: Application
  readonly principal: ServicePrincipal | undefined
  readonly secrets: readonly PasswordCredential[]
  readonly certificates: readonly KeyCredential[]
}
