import { Secret } from '../../core/secret.ts'
import type { Cloud } from '../cloud.ts'
import { vaultScope } from '../cloud.ts'
import type { Auth } from '../credentials/auth.ts'
import { accepted } from '../credentials/channel.ts'
import { type Credentials, createCredentials } from '../credentials/credentials.ts'
import { claimsOf } from '../credentials/tokens.ts'
import { asking } from '../errors/ask.ts'
import { AzureError } from '../errors/azureError.ts'
import type { SignInIdentity } from '../errors/row.ts'
import type { RetryLimits } from '../http/message.ts'
import { Refusal } from '../http/refusal.ts'
import type { Transport } from '../http/transport.ts'
import { keyVaultClient } from '../keyVault/client.ts'
import type { SignIn } from './port.ts'
import { vaultAsApp } from './vaultAsApp.ts'

/** A wrong secret, or one so new that not every server accepts it yet (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const wrongSecret = 'AADSTS7000215'
const noSuchTenant = ['AADSTS90002', 'AADSTS900023']

/** A read must not turn into a long wait. */
const retryLimits: RetryLimits = { limit: 20_000 }

export function signInClient(transport: Transport, cloud: Cloud): SignIn {
  const limited: Transport = { ...transport, send: (request) => transport.send({ ...request, retryLimits }) }
  const signedIn = (app: App, tenantId: string, auth: AppAuth): Credentials =>
    credentialsOf(limited, cloud, { app, tenantId, auth })
  return {
    tenantExists: (tenantId) => tenantExists(limited, cloud, tenantId),
    accepts: (tenantId, appId, secret) => accepts(transport, cloud, { tenantId, appId, secret }),
    vaultAs(tenantId, appId, secret) {
      const credentials = signedIn('KV-App', tenantId, { credential: 'clientSecret', clientId: appId, clientSecret: secret })
      return vaultAsApp(keyVaultClient({ transport: limited, credentials, cloud, tenantOf: () => tenantId }))
    },
    async tokenByCertificate(tenantId, appId, pem, resource) {
      const credentials = signedIn('HMA-App', tenantId, { credential: 'certificateInHand', clientId: appId, pem })
      const given = await credentials.forTenant(tenantId).getToken(`${resource.replace(/\/+$/, '')}/.default`)
      const token = given?.token ?? ''
      return { value: new Secret(token), claims: claimsOf(token) }
    },
  }
}

type App = NonNullable<SignInIdentity['app']>
type AppAuth = Extract<Auth, { credential: 'clientSecret' | 'certificateInHand' }>

/** Signs in as one of the two applications, for a single check. */
function credentialsOf(
  transport: Transport,
  cloud: Cloud,
  { app, tenantId, auth }: { app: App; tenantId: string; auth: AppAuth },
) {
  return createCredentials({
    ...{ cloud, transport, auth: new Map([[tenantId, auth]]) },
    // The check ends before its token expires, so no clock is needed.
    now: () => 0,
    words: {
      ...{ doing: `sign in to tenant ${tenantId} as ${app} (${auth.clientId})`, identity: { tenantId, app } },
      unavailable: unusable[auth.credential],
    },
  })
}

const unusable = {
  clientSecret: 'Run `hma rotate clientSecret`: it creates a new secret.',
  certificateInHand: 'Run `hma rotate certificate`: it creates a certificate with a usable key.',
} as const satisfies Record<AppAuth['credential'], string>

async function accepts(transport: Transport, cloud: Cloud, app: { tenantId: string; appId: string; secret: Secret }) {
  const { tenantId, appId, secret } = app
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
    tenantId,
  } as const
  try {
    const identity = { tenantId, app: 'KV-App' } as const
    await asking({ service: 'login', doing: `sign in to tenant ${tenantId} as application ${appId}`, identity }, async () =>
      accepted(request, await transport.send(request)),
    )
    return true
  } catch (error) {
    if (error instanceof AzureError && error.code === wrongSecret) return false
    throw error
  }
}

async function tenantExists(transport: Transport, cloud: Cloud, tenantId: string): Promise<boolean> {
  const url = `${cloud.authorityHost}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`
  const look = async (): Promise<true> => {
    const answer = await transport.send({ method: 'GET', url, headers: { accept: 'application/json' }, tenantId })
    if (answer.status !== 200) throw new Refusal(url, answer)
    return true
  }
  return asking({ service: 'login', doing: `look for tenant ${tenantId}`, identity: { tenantId } }, look).catch(
    (error: unknown) => {
      if (error instanceof AzureError && noSuchTenant.includes(error.code)) return false
      throw error
    },
  )
}
