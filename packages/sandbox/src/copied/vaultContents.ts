import 'reflect-metadata'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import type { Azure } from '../azure.ts'
import { readPolicy } from '../keyVault/certificates/policy.ts'
import { newId, newVersion } from '../keyVault/certificates/versions.ts'
import { issueFor, parseCertificate, signingRequest } from '../keyVault/certificates/x509.ts'
import { keyFor } from '../keyVault/keys/keyPairs.ts'
import { type Certificate, emptyVault, type Operation, type Policy, type SecretVersion, type Vault } from '../keyVault/state.ts'
import { isObject, type JsonObject, numberAt, objectAt, textAt, textMapAt } from '../resourceManager/json.ts'
import { type CopiedCertificate, type Copy, standIn } from './copy.ts'

/** The substitutes for certificates that were seen, by thumbprint or public key: base64 of DER. */
export interface Replaced {
  byThumbprint(hex: string): string | undefined
  /** The substitute for a key that still waits for its certificate. */
  byKey(seen: string): Promise<string | undefined>
}

interface Pair {
  /** Base64 of the public key that was seen, and the private key in its place. */
  readonly seen: string
  readonly privateKey: string
  readonly policy: Policy
}

/** The copied certificates, each with a key pair of the world's own. */
export async function putCertificates(azure: Azure, copy: Copy): Promise<Replaced> {
  const certificates = new Map<string, string>()
  const pairs: Pair[] = []
  for (const one of copy.certificates) {
    const vault = (azure.world.vaults[one.vault.toLowerCase()] ??= emptyVault())
    await putCertificate(azure, vault, one, { certificates, pairs })
  }
  return {
    byThumbprint: (hex) => certificates.get(hex),
    async byKey(der) {
      const seen = parseCertificate(der)
      const pair = seen && pairs.find((one) => one.seen === base64(seen.publicKey.rawData))
      return seen && pair && issueFor(pair.policy.x509_props, pair.privateKey, seen, issuerOf(der))
    },
  }
}

const base64 = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64')

type Found = { readonly certificates: Map<string, string>; readonly pairs: Pair[] }

async function putCertificate(azure: Azure, vault: Vault, given: CopiedCertificate, found: Found): Promise<void> {
  const { name, bundle, pending } = given
  const policy = readPolicy(objectAt(bundle, 'policy'), numberAt(objectAt(bundle, 'attributes'), 'created') ?? 0)
  const certificate: Certificate = { name, policy, versions: [] }
  const privateKey = await versionIn(azure, certificate, bundle, found)
  if (pending) certificate.operation = await operationIn(azure, certificate, pending, { privateKey, ...found })
  vault.certificates[name.toLowerCase()] = certificate
}

/** Puts the current version, if there is one yet, and returns its key. */
async function versionIn(azure: Azure, certificate: Certificate, bundle: JsonObject, { certificates }: Found) {
  const [cer, seen] = [textAt(bundle, 'cer'), parseCertificate(textAt(bundle, 'cer') ?? '')]
  const { policy, versions } = certificate
  if (cer === undefined || cer === '' || !seen) return undefined
  const privateKey = await keyFor(azure, policy.key_props)
  const leaf = await issueFor(policy.x509_props, privateKey, seen, issuerOf(cer))
  const attributes = objectAt(bundle, 'attributes')
  const created = numberAt(attributes, 'created') ?? 0
  const made = newVersion({
    ...{ chain: [leaf], privateKey, policy, tags: textMapAt(bundle, 'tags') },
    ...{ enabled: attributes.enabled !== false, now: new Date(created * 1000) },
  })
  const version = idIn(bundle) ?? made.version
  versions.push({ ...made, version })
  certificates.set(await thumbprintOf(seen), leaf)
  return privateKey
}

const thumbprintOf = async (seen: NonNullable<ReturnType<typeof parseCertificate>>): Promise<string> =>
  Buffer.from(await seen.getThumbprint('SHA-1'))
    .toString('hex')
    .toUpperCase()

const idIn = (body: JsonObject): string | undefined => /\/([0-9a-f]{32})$/i.exec(textAt(body, 'id') ?? '')?.[1]

/** Who signed it, unless it is self-signed. */
function issuerOf(der: string): string | undefined {
  const seen = parseCertificate(der)
  if (!seen || seen.issuer === seen.subject) return undefined
  return seen.issuerName.getField('CN')[0] ?? seen.issuer
}

async function operationIn(
  azure: Azure,
  { policy, versions }: Certificate,
  body: JsonObject,
  { privateKey: current, pairs }: Found & { readonly privateKey: string | undefined },
): Promise<Operation> {
  const status = textAt(body, 'status')
  const waits = status === 'inProgress'
  const privateKey = waits || current === undefined ? await keyFor(azure, policy.key_props) : current
  if (waits) pairs.push({ seen: requestedKey(textAt(body, 'csr') ?? ''), privateKey, policy })
  const at = Math.floor(azure.now().getTime() / 1000)
  const issuer = textAt(objectAt(body, 'issuer'), 'name') ?? policy.issuer.name
  return {
    requestId: textAt(body, 'request_id') ?? newId(),
    version: versions.at(-1)?.version ?? newId(),
    status: waits || status === 'cancelled' || status === 'failed' ? status : 'completed',
    issuer: { ...policy.issuer, name: issuer },
    cancellationRequested: body.cancellation_requested === true,
    csr: await signingRequest(policy.x509_props, privateKey),
    privateKey: waits ? privateKey : '',
    policy,
    attributes: { enabled: true, nbf: at, exp: at, created: at, updated: at },
    readyAt: waits && issuer.toLowerCase() !== 'unknown' ? azure.now().getTime() : null,
  }
}

function requestedKey(csr: string): string {
  try {
    return base64(new Pkcs10CertificateRequest(Buffer.from(csr, 'base64')).publicKey.rawData)
  } catch {
    return ''
  }
}

/** The application's secrets that a vault keeps, with the values that stand in for them. */
export function putSecrets(azure: Azure, copy: Copy): void {
  for (const { vault, name, versions } of copy.secrets) {
    const held = (azure.world.vaults[vault.toLowerCase()] ??= emptyVault())
    held.secrets[name.toLowerCase()] = { name, versions: versions.filter(isObject).map(secretVersionIn) }
  }
}

function secretVersionIn(body: JsonObject): SecretVersion {
  const attributes = objectAt(body, 'attributes')
  const tags = textMapAt(body, 'tags')
  const contentType = textAt(body, 'contentType')
  const number = (name: string): number | undefined => numberAt(attributes, name)
  const [nbf, exp, created = 0, updated = created] = ['nbf', 'exp', 'created', 'updated'].map(number)
  return {
    version: idIn(body) ?? newId(),
    value: standIn(tags?.keyId ?? ''),
    ...(contentType !== undefined && { contentType }),
    attributes: {
      enabled: attributes.enabled !== false,
      ...(nbf !== undefined && { nbf }),
      ...(exp !== undefined && { exp }),
      created,
      updated,
    },
    ...(tags && { tags }),
  }
}
