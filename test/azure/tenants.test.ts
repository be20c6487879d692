import { expect, onTestFinished, test } from 'vitest'
import { createClients } from '../../src/azure/clients.ts'
import { createCredentials } from '../../src/azure/credentials/credentials.ts'
import { createTransport } from '../../src/azure/http/transport.ts'
import { Secret } from '../../src/core/secret.ts'
import { type Received, serve } from './server.ts'
import { lab, login } from './world.ts'

const tenants = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'] as const

const isLogin = ({ host }: Received): boolean => host === 'login.lab.localhost'

/** Entra, whose tokens show the tenant they were asked of, if its secret came with the request. */
function signIn(request: Received, count: number) {
  if (request.method === 'GET') return login(request, count)
  const tenant = tenants.find((one) => request.path.startsWith(`/${one}/`))
  // Values that no message holds: secrets stay masked in the tests that follow.
  const own = new URLSearchParams(request.body).get('client_secret') === `sXq7~${tenant}`
  return own
    ? { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: `tXq7~${tenant}` } }
    : { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' } }
}

/** Everything that this deployment asks for names its tenant. */
const askedBy = (request: Received): string => tenants.find((one) => `${request.host}${request.path}`.includes(one)) ?? 'nobody'

test('tenants planned together share connections and policies, but not secrets or tokens', async () => {
  const server = await serve((request, count) =>
    isLogin(request) ? signIn(request, count) : { status: 200, body: { value: [] } },
  )
  const transport = createTransport({ caPems: [server.caPem], route: server.route })
  onTestFinished(() => transport.close())
  const deployment = async (tenantId: string): Promise<void> => {
    const auth = { credential: 'clientSecret', clientId: 'client', clientSecret: new Secret(`sXq7~${tenantId}`) } as const
    const credentials = createCredentials({ cloud: lab, auth: new Map([[tenantId, auth]]), transport, now: () => Date.now() })
    const clients = createClients({ cloud: lab, credentials, transport, tenantOf: () => tenantId })
    const vaultId = { subscriptionId: tenantId, resourceGroup: 'rg', name: 'kv-contoso' }
    const vault = `https://kv-${tenantId}.vault.lab.localhost`
    await Promise.all([
      clients.directory.assignedRestrictions(tenantId, tenantId),
      clients.resourceManager.vault(tenantId, vaultId).catch(() => {}),
      clients.resourceManager.roleAssignments(tenantId, vaultId),
      clients.keyVault.secret(vault, 'one'),
      clients.keyVault.certificateTags(vault, 'one'),
    ])
  }
  await Promise.all(tenants.map(deployment))
  const asked = server.received.filter((request) => !isLogin(request))
  for (const tenant of tenants) {
    const tokens = asked.filter((request) => askedBy(request) === tenant).map(({ headers }) => headers.authorization)
    expect(tokens).toEqual(Array.from({ length: 5 }, () => `Bearer tXq7~${tenant}`))
  }
  expect(asked.length).toBe(2 * 5)
})
