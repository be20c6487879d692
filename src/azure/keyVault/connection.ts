import type { CertificateClient } from '@azure/keyvault-certificates'
import type { SecretClient } from '@azure/keyvault-secrets'
import { HmaError } from '../../core/errors.ts'
import { type Cloud, clouds, vaultScope } from '../cloud.ts'
import { type Channel, channel } from '../credentials/channel.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { placeholderCredential, sdkPipeline } from '../credentials/sdk.ts'
import { sdkHttpClient } from '../credentials/sdkHttpClient.ts'
import { asking } from '../errors/ask.ts'
import type { HttpAnswer } from '../http/message.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import { once } from '../once.ts'

const apiVersion = '2025-07-01'

/** One vault, signed in: the SDK's clients, loaded when first used, and raw requests. */
export interface VaultConnection {
  certificates(): Promise<CertificateClient>
  secrets(): Promise<SecretClient>
  /** `path` is below the vault's address, without a query. */
  raw(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Fields>
}

/** Runs one call on one vault; `doing` says what it is for. */
export type OnVault = <T>(vault: string, doing: string, call: (connection: VaultConnection) => Promise<T>) => Promise<T>

/** Polls until it is visible. Deletions and recoveries take some seconds to show. */
export type Appears = (what: string, look: () => Promise<unknown>) => Promise<void>

export interface VaultParts {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly cloud: Cloud
  /** The tenant of a vault; undefined if only the vault itself can say. */
  readonly tenantOf: (vault: string) => string | undefined
}

export async function connectVault(vault: string, parts: VaultParts): Promise<VaultConnection> {
  const { transport, credentials, cloud } = parts
  const tenantId = parts.tenantOf(vault) ?? (await tenantFromChallenge(vault, transport))
  const signedIn = channel(transport, credentials, tenantId, { origin: vault, scope: vaultScope(cloud) })
  const options = () => sdkOptions(signedIn, cloud, tenantId)
  return {
    certificates: once(async () => {
      const { CertificateClient } = await import('@azure/keyvault-certificates')
      return new CertificateClient(vault, placeholderCredential, await options())
    }),
    secrets: once(async () => {
      const { SecretClient } = await import('@azure/keyvault-secrets')
      return new SecretClient(vault, placeholderCredential, await options())
    }),
    async raw(method, path, body) {
      const answer = await signedIn.send({
        method,
        url: `${vault}${path}?api-version=${apiVersion}`,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return fieldsOf(answer.body === '' ? {} : JSON.parse(answer.body), 'the answer')
    },
  }
}

async function sdkOptions(signedIn: Channel, cloud: Cloud, tenantId: string) {
  const suffixes: readonly string[] = Object.values(clouds).map((each) => each.keyVaultSuffix)
  const httpClient = await sdkHttpClient((request) => {
    const signed = Object.keys(request.headers).some((name) => name.toLowerCase() === 'authorization')
    return signed ? signedIn.send(request) : Promise.resolve(challenge(cloud, tenantId))
  })
  return {
    httpClient,
    pipeline: await sdkPipeline(),
    disableChallengeResourceVerification: !suffixes.includes(cloud.keyVaultSuffix),
  }
}

/** The SDK first sends each vault an unsigned request to learn where tokens come from. We know that, and answer in the vault's place. */
const challenge = (cloud: Cloud, tenantId: string): HttpAnswer => {
  const resource = vaultScope(cloud).replace('/.default', '')
  const authenticate = `Bearer authorization="${cloud.authorityHost}/${tenantId}", resource="${resource}"`
  return { status: 401, headers: { 'www-authenticate': authenticate }, body: '' }
}

/** An unsigned request: the refusal names the vault's tenant (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses). */
export async function tenantFromChallenge(vault: string, transport: Transport): Promise<string> {
  const request = {
    method: 'GET',
    url: `${vault}/certificates?api-version=${apiVersion}`,
    headers: { accept: 'application/json' },
  }
  const answer = await asking({ service: 'keyVault', doing: `ask ${vault} for its tenant` }, () => transport.send(request))
  const tenantId = /authorization="https:\/\/[^/"]+\/([0-9a-f-]{36})"/i.exec(answer.headers['www-authenticate'] ?? '')?.[1]
  if (tenantId === undefined)
    throw new HmaError('HMA203', `${vault} does not say which tenant it belongs to`, {
      hint: 'Check the address; it should be the one of a key vault.',
    })
  return tenantId
}
