import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCredentials } from '../../src/azure/credentials/credentials.ts'
import { signInError, wordsOf } from '../../src/azure/credentials/signInError.ts'
import { createTransport } from '../../src/azure/http/transport.ts'
import { Secret } from '../../src/core/secret.ts'
import { instantTimer } from '../support/timer.ts'
import { serve } from './server.ts'
import { lab, login, tenant, tokenRequests, vault, world } from './world.ts'

const scope = 'https://graph.lab.localhost/.default'
const empty = () => ({ status: 200, body: { value: [] } })

describe('tokens', () => {
  test('one request per audience, however many concurrent callers', async () => {
    const at = await world(empty)
    const ask = (audience: string) => at.credentials.forTenant(tenant).getToken(audience, { enableCae: true })
    await Promise.all([ask(scope), ask(scope), ask(scope), ask('https://vault.lab.localhost/.default')])
    expect(tokenRequests(at)).toBe(2)
    expect(at.server.received.every(({ path }) => path.startsWith(`/${tenant}/`))).toBe(true)
  })

  test('one for both clients of a vault, and no unsigned request', async () => {
    const at = await world(empty)
    await Promise.all([at.clients.keyVault.contents(vault), at.clients.keyVault.secret(vault, 'x')])
    expect(tokenRequests(at)).toBe(1)
    expect(
      at.server.received.filter(({ path, headers }) => !path.includes(tenant) && headers.authorization === undefined),
    ).toEqual([])
  })

  test('a new one five minutes before the old one expires', async () => {
    const at = await world(empty)
    const credential = at.credentials.forTenant(tenant)
    const first = await credential.getToken(scope)
    at.clock += 54 * 60_000
    expect(await credential.getToken(scope)).toBe(first)
    at.clock += 2 * 60_000
    expect(await credential.getToken(scope)).not.toBe(first)
  })

  test('a new one, once, when a service refuses the old one', async () => {
    const tokens: unknown[] = []
    const at = await world((request, count) => {
      tokens.push(request.headers.authorization)
      return count === 1 ? { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: 'expired' } } } : empty()
    })
    expect(await at.clients.directory.applicationsNamed(tenant, 'x')).toEqual([])
    expect(tokens).toHaveLength(2)
    expect(tokens[1]).not.toBe(tokens[0])
    expect(tokenRequests(at)).toBe(2)
  })

  test('a failure is not cached', async () => {
    let broken = true
    const refusal = {
      error: 'invalid_client',
      error_description: 'AADSTS7000222: The provided client secret keys are expired.\r\nTrace ID: t',
    }
    const at = await world(empty, {
      login: (request, issued) => (request.method === 'POST' && broken ? { status: 401, body: refusal } : login(request, issued)),
    })
    const credential = at.credentials.forTenant(tenant)
    await expect(credential.getToken(scope)).rejects.toThrow()
    broken = false
    expect(await credential.getToken(scope)).toMatchObject({ token: expect.stringContaining('hush') })
  })
})

describe('when no account can sign in', () => {
  test('an unreachable Entra is reported as unreachable', async () => {
    const transport = createTransport({ route: () => undefined, timer: instantTimer() })
    onTestFinished(() => transport.close())
    const auth = new Map([[tenant, { credential: 'clientSecret', clientId: 'c', clientSecret: new Secret('hush') } as const]])
    const credentials = createCredentials({ cloud: lab, auth, transport, now: () => 0 })
    const failure = await credentials
      .forTenant(tenant)
      .getToken(scope)
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      service: 'login',
      code: 'ENOTFOUND',
      message: expect.stringContaining('login.lab.localhost'),
    })
  })

  const refusedWith = async (code: string) => {
    const body = { error: 'invalid_client', error_description: `${code}: No. Trace ID: x`, error_codes: [1] }
    const at = await world(empty, {
      login: (request, issued) => (request.method === 'POST' ? { status: 401, body } : login(request, issued)),
    })
    return at.credentials
      .forTenant(tenant)
      .getToken(scope)
      .catch((error: unknown) => error)
  }

  test.each([
    ['AADSTS7000215', /secret is wrong/],
    ['AADSTS7000222', /expired/],
    ['AADSTS700016', /not known in this tenant/],
    ['AADSTS53003', /Conditional Access/],
  ])('%s has a remedy', async (code, hint) => {
    const error = await refusedWith(code)
    expect(error).toMatchObject({ service: 'login', code, retryable: false, hint: expect.stringMatching(hint) })
    expect(String(error)).toContain(`sign in to tenant ${tenant}`)
    expect(String(error)).not.toMatch(/Trace ID|hush/)
  })

  test('a missing credential comes with the way to get it', async () => {
    const server = await serve(() => ({ status: 200 }))
    const transport = createTransport({ caPems: [server.caPem], route: () => undefined, timer: instantTimer() })
    onTestFinished(() => transport.close())
    const auth = new Map([[tenant, { credential: 'workloadIdentity', clientId: 'c' } as const]])
    const credentials = createCredentials({ cloud: lab, auth, transport, now: () => 0 })
    await expect(credentials.forTenant(tenant).getToken(scope)).rejects.toMatchObject({
      hint: expect.stringContaining('workload identity'),
    })
  })
})

test('no SDK is loaded before it is needed', () => {
  const folder = join(import.meta.dirname, '../../src/azure')
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  const libraries = code.flatMap((text) => [...text.matchAll(/^import ([^']*)from '(@(?:azure|microsoft)\/[^']+)'/gm)])
  expect(libraries.length).toBeGreaterThan(5)
  expect(libraries.filter(([, names]) => !names?.startsWith('type ')).map(([line]) => line)).toEqual([])
})

describe('a chain of credentials without a result', () => {
  const failure = (message: string) => signInError(wordsOf({ credential: 'default' }, tenant), new Error(message))

  test('is one line, with the command to run; what each credential said is kept for -v', () => {
    const cli =
      'CredentialUnavailableError: Azure CLI could not be found. Please visit https://aka.ms/azure-cli for instructions.'
    const shell = 'CredentialUnavailableError: Error: Unable to execute PowerShell. Ensure that it is installed.'
    const message = ['ChainedTokenCredential authentication failed.', cli, shell, cli].join('\n')
    expect(failure(message)).toMatchObject({
      message: `Not signed in to ${tenant}. Run: az login --tenant ${tenant}`,
      hint: undefined,
      details: message,
    })
  })

  test('shows the first line of a credential’s message', () => {
    expect(failure('The assertion is gone.\nat some place').message).toContain('(default): The assertion is gone.')
  })
})
