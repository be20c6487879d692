import { asking } from './asking.ts'
import { AzureError } from './azureError.ts'
import { accepted } from './channel.ts'
import type { Cloud } from './cloud.ts'
import { vaultScope } from './cloud.ts'
import type { SignIn } from './signIn.ts'
import type { Transport } from './transport.ts'

/** A wrong secret, or one so new that not every server knows it (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const wrongSecret = 'AADSTS7000215'

export function signInClient(transport: Transport, cloud: Cloud): SignIn {
  return {
    async accepts(tenantId, appId, secret) {
      const form = {
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: secret.reveal(),
        scope: vaultScope(cloud),
      }
      const request = {
        method: 'POST',
        url: `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(form).toString(),
        replay: 'always',
      } as const
      try {
        await asking({ service: 'login', doing: `sign in to tenant ${tenantId} as application ${appId}` }, async () =>
          accepted(request, await transport.send(request)),
        )
        return true
      } catch (error) {
        if (error instanceof AzureError && error.code === wrongSecret) return false
        throw error
      }
    },
  }
}
