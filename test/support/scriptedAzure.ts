import { type Received, type Reply, serve, type TestServer } from '../azure/server.ts'
import { yaml } from './deployment.ts'
import type { Workplace } from './hma.ts'

/** A scripted Azure that issues tokens and answers every other request as the test says. */
export async function ownAzure(here: Workplace, reply: (request: Received) => Reply | Promise<Reply>): Promise<TestServer> {
  let port = 0
  const server = await serve((request) => (request.host.startsWith('login.') ? login(request, port) : reply(request)))
  port = server.port
  const at = (host: string): string => `https://${host}.lab.localhost:${port}`
  await here.write('ca.pem', server.caPem)
  await here.write(
    'hma.config.yaml',
    [
      yaml({ tenants: 1, create: false }).replace('https://contoso.crm4.dynamics.com', at('contoso.crm4')),
      'cloud:',
      '  name: lab',
      `  authorityHost: ${at('login')}`,
      `  resourceManager: ${at('management')}`,
      `  graph: ${at('graph')}`,
      `  keyVaultSuffix: vault.lab.localhost:${port}`,
      '  caFile: ca.pem',
      'auth:',
      `  11111111-1111-1111-1111-111111111111: { credential: clientSecret, clientId: 44444444-4444-4444-4444-444444444444, clientSecret: "$\{LAB_SECRET}" }`,
    ].join('\n'),
  )
  return server
}

/** What the configuration takes from the environment. */
export const ownEnvironment = { LAB_SECRET: 'of the lab' }

function login({ method, path }: Received, port: number): Reply {
  const base = `https://login.lab.localhost:${port}/${path.split('/')[1]}`
  const [issuer, authorize, token] = [`${base}/v2.0`, `${base}/oauth2/v2.0/authorize`, `${base}/oauth2/v2.0/token`]
  if (method === 'GET')
    return { status: 200, body: { issuer, authorization_endpoint: authorize, token_endpoint: token, jwks_uri: `${base}/keys` } }
  const access = `eyJh.${Buffer.from('{"oid":"hma"}').toString('base64url')}.signature`
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: access } }
}
