import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { fieldsOf } from '../../packages/sandbox/test/support/graph.ts'
import { ids, type OpenDeployment, openDeployment, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const issuer = 'https://token.actions.githubusercontent.com'
const subject = 'repo:contoso/mail:environment:production'
const audience = 'api://AzureADTokenExchange'

let here: OpenDeployment
let desk: Workplace
let key: KeyObject

beforeEach(async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  key = pair.privateKey
  here = await openDeployment({ create: false })
  trust(pair.publicKey)
  desk = await workplace(withoutSecret())
  await writeFile(join(desk.directory, 'ca.pem'), here.sandbox.caPem)
  vi.stubEnv('AZURE_FEDERATED_TOKEN_FILE', join(desk.directory, 'token'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await desk.leave()
  await here.close()
})

const owners = () => here.sandbox.principals.filter(({ rights }) => rights === 'owner')

/** The registrations of the pipeline trust the issuer, and have no secret any more. */
function trust(publicKey: KeyObject): void {
  const { directory } = here.sandbox.world
  directory.issuers = { [issuer]: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
  for (const { tenantId, clientId } of owners())
    for (const application of Object.values(directory.tenants[tenantId]?.applications ?? {})) {
      if (application.appId !== clientId) continue
      application.passwordCredentials = []
      application.federatedIdentityCredentials = [{ issuer, subject, audiences: [audience] }]
    }
}

/** The configuration of a pipeline, for the sandbox by its own names: no value in it is secret. */
function withoutSecret(): string {
  const { authorityHost, resourceManager, graph, keyVaultSuffix } = here.sandbox.endpoints
  const auth = owners().map(({ tenantId, clientId }) => [tenantId, { credential: 'workloadIdentity', clientId }] as const)
  return stringify({
    ...fieldsOf(parse(yaml({ create: false, dynamics: false, copy: true }))),
    auth: Object.fromEntries(auth),
    cloud: { name: 'lab', authorityHost, resourceManager, graph, keyVaultSuffix, caFile: './ca.pem' },
  })
}

/** What the pipeline's platform puts into the file. */
async function token(claims: object = {}): Promise<void> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const seconds = Math.floor(Date.now() / 1000)
  const all = { iss: issuer, sub: subject, aud: audience, iat: seconds, nbf: seconds, exp: seconds + 300, ...claims }
  const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: '1' })}.${part(all)}`
  await desk.write('token', `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`)
}

test('a pipeline without a secret plans in two tenants', async () => {
  await token()
  const planned = await desk.hma('plan --json')
  expect(planned.stderr).toBe('')
  expect(JSON.parse(planned.stdout).summary.create).toBeGreaterThan(8)
  const signedIn = here.sandbox.log.filter(({ service, status }) => service === 'login' && status === 200).map(({ url }) => url)
  for (const tenant of [ids.vaultTenant, ids.exchangeTenant]) expect(signedIn.some((url) => url.includes(tenant))).toBe(true)
})

test.each([
  ['of another branch', { sub: 'repo:contoso/mail:ref:refs/heads/else' }, 'AADSTS700213', 'exactly the one that was presented'],
  ['of another issuer', { iss: 'https://token.example.com' }, 'AADSTS700211', 'federated credential'],
  ['for somebody else', { aud: 'https://github.com/contoso' }, 'AADSTS700212', audience],
  ['that is old', { exp: Math.floor(Date.now() / 1000) - 900 }, 'AADSTS700024', 'new token for each run'],
])('a token %s is refused, and the hint says what to change', async (_name, claims, code, hint) => {
  await token(claims)
  const { code: exit, stderr } = await desk.hma('plan')
  expect(exit).toBe(1)
  expect(stderr).toContain(code)
  expect(stderr.replace(/\s+/g, ' ')).toContain(hint)
})

test('a token signed by another issuer is refused', async () => {
  key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  await token()
  expect((await desk.hma('plan')).stderr).toContain('AADSTS50013')
})
