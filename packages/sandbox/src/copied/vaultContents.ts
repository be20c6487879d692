import 'reflect-metadata'
import { createPublicKey } from 'node:crypto'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import type { Azure } from '../azure.ts'
import { decodeName } from '../keyVault/certificates/distinguishedName.ts'
import { defaultPolicy, readPolicy } from '../keyVault/certificates/policy.ts'
import { newId, newVersion } from '../keyVault/certificates/versions.ts'
import { issueFor, parseCertificate, signingRequest } from '../keyVault/certificates/x509.ts'
import { keyFor, specOf } from '../keyVault/keys/keyPairs.ts'
import { type Certificate, type Erasable, emptyVault, type Operation, type Policy, type Vault } from '../keyVault/state.ts'
import { type JsonObject, numberAt, objectAt, textAt, textMapAt } from '../resourceManager/json.ts'
import type { CopiedCertificate, Copy } from './copy.ts'
import { putEach } from './fault.ts'

/** A substitute for a certificate that was seen, with its key. */
export interface StandIn {
  /** Base64 of the DER. */
  readonly certificate: string
  /** PKCS#8 in PEM. */
  readonly privateKey: string
}

/** The substitutes for certificates that were seen, by thumbprint or public key: base64 of DER. */
export interface Replaced {
  byThumbprint(hex: string): string | undefined
  /** The substitute for a key that still waits for its certificate. */
  byKey(seen: string): Promise<string | undefined>
  /** The substitute for the chain that the user supplies in a file. */
  bring(chain: readonly string[]): Promise<StandIn | undefined>
}

interface Pair {
  /** Base64 of the public key that was seen, and the private key in its place. */
  readonly seen: string
  readonly privateKey: string
  readonly policy: Policy
}

type Made = Pick<Pair, 'privateKey' | 'policy'>
type Seen = NonNullable<ReturnType<typeof parseCertificate>>

/** The copied certificates, each with a key pair of the world's own. */
export async function putCertificates(azure: Azure, copy: Copy): Promise<Replaced> {
  const certificates = new Map<string, StandIn>()
  const pairs: Pair[] = []
  await putEach(copy.certificates, 'certificates', (one) => {
    const vault = (azure.world.vaults[one.vault.toLowerCase()] ??= emptyVault())
    return putCertificate(azure, vault, one, { certificates, pairs })
  })
  const byKey = async (der: string): Promise<StandIn | undefined> => {
    const seen = parseCertificate(der)
    const pair = seen && pairs.find((one) => one.seen === base64(seen.publicKey.rawData))
    return pair && madeFor(pair, seen)
  }
  return {
    byThumbprint: (hex) => certificates.get(hex)?.certificate,
    byKey: async (der) => (await byKey(der))?.certificate,
    async bring([leaf]) {
      const seen = parseCertificate(leaf ?? '')
      if (leaf === undefined || !seen) return undefined
      const thumbprint = await thumbprintOf(seen)
      const one = certificates.get(thumbprint) ?? (await byKey(leaf)) ?? (await madeFor(await pairFor(azure, seen), seen))
      certificates.set(thumbprint, one)
      return one
    },
  }
}

/** A key of the size that the certificate has, and its subject. */
async function pairFor(azure: Azure, { publicKey, subjectName }: Seen): Promise<Made> {
  const policy = defaultPolicy('Unknown', 0)
  const key = createPublicKey({ key: Buffer.from(publicKey.rawData), format: 'der', type: 'spki' })
  const privateKey = await keyFor(azure, specOf(key) ?? policy.key_props)
  return { privateKey, policy: { ...policy, x509_props: { ...policy.x509_props, subject: decodeName(subjectName) } } }
}

const madeFor = async ({ privateKey, policy }: Made, seen: Seen): Promise<StandIn> => ({
  certificate: await issueFor(policy.x509_props, privateKey, seen, issuerOf(seen)),
  privateKey,
})

const base64 = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64')

type Found = { readonly certificates: Map<string, StandIn>; readonly pairs: Pair[] }

async function putCertificate(azure: Azure, vault: Vault, given: CopiedCertificate, found: Found): Promise<void> {
  const { name, bundle, pending, former = [] } = given
  const policy = readPolicy(objectAt(bundle, 'policy'), numberAt(objectAt(bundle, 'attributes'), 'created') ?? 0)
  const certificate: Certificate = { name, policy, versions: [], ...deletionIn(bundle) }
  const privateKey = await versionIn(azure, certificate, bundle, found)
  if (privateKey !== undefined) certificate.versions.unshift(...(await formerIn(certificate, former, privateKey)))
  const tags = privateKey === undefined ? textMapAt(bundle, 'tags') : undefined
  if (pending)
    certificate.operation = {
      ...(await operationIn(azure, certificate, pending, { privateKey, ...found })),
      ...(tags && { tags }),
    }
  else if (privateKey === undefined)
    certificate.unissued = { ...waiting(azure), version: idIn(bundle) ?? newId(), ...(tags && { tags }) }
  vault.certificates[name.toLowerCase()] = certificate
}

/** When it was deleted, and when it is purged: https://learn.microsoft.com/rest/api/keyvault/certificates/get-deleted-certificate */
export function deletionIn(body: JsonObject): Pick<Erasable, 'deleted'> {
  const [deletedDate, scheduledPurgeDate] = [numberAt(body, 'deletedDate'), numberAt(body, 'scheduledPurgeDate')]
  return deletedDate === undefined ? {} : { deleted: { deletedDate, scheduledPurgeDate: scheduledPurgeDate ?? deletedDate } }
}

function waiting(azure: Azure): Pick<Operation, 'attributes'> {
  const at = Math.floor(azure.now().getTime() / 1000)
  return { attributes: { enabled: true, nbf: at, exp: at, created: at, updated: at } }
}

/** The versions before the current one, oldest first. They share its key, since only their tags are read. */
async function formerIn({ policy, versions }: Certificate, bodies: readonly JsonObject[], privateKey: string) {
  const known = new Set(versions.map(({ version }) => version))
  const former = bodies.filter((body) => !known.has(idIn(body) ?? ''))
  const made = await Promise.all(
    former.map(async (body) => {
      const attributes = objectAt(body, 'attributes')
      const time = (name: string): Date => new Date((numberAt(attributes, name) ?? 0) * 1000)
      const valid = { notBefore: time('nbf'), notAfter: time('exp') }
      const chain = [await issueFor(policy.x509_props, privateKey, valid)]
      const [tags, enabled] = [textMapAt(body, 'tags'), attributes.enabled !== false]
      return { ...newVersion({ chain, privateKey, policy, tags, enabled, now: time('created') }), version: idIn(body) ?? newId() }
    }),
  )
  return made.sort((one, other) => one.attributes.created - other.attributes.created)
}

/** Puts the current version, if there is one yet, and returns its key. */
async function versionIn(azure: Azure, certificate: Certificate, bundle: JsonObject, { certificates }: Found) {
  const [cer, seen] = [textAt(bundle, 'cer'), parseCertificate(textAt(bundle, 'cer') ?? '')]
  const { policy, versions } = certificate
  if (cer === undefined || cer === '' || !seen) return undefined
  const privateKey = await keyFor(azure, policy.key_props)
  const leaf = await issueFor(policy.x509_props, privateKey, seen, issuerOf(seen))
  const attributes = objectAt(bundle, 'attributes')
  const created = numberAt(attributes, 'created') ?? 0
  const made = newVersion({
    ...{ chain: [leaf], privateKey, policy, tags: textMapAt(bundle, 'tags') },
    ...{ enabled: attributes.enabled !== false, now: new Date(created * 1000) },
  })
  const version = idIn(bundle) ?? made.version
  versions.push({ ...made, version })
  certificates.set(await thumbprintOf(seen), { certificate: leaf, privateKey })
  return privateKey
}

const thumbprintOf = async (seen: Seen): Promise<string> =>
  Buffer.from(await seen.getThumbprint('SHA-1'))
    .toString('hex')
    .toUpperCase()

/** The version that an id names. */
export const idIn = (body: JsonObject): string | undefined => /\/([0-9a-f]{32})$/i.exec(textAt(body, 'id') ?? '')?.[1]

/** Who signed it, unless it is self-signed. */
function issuerOf(seen: Seen): string | undefined {
  if (seen.issuer === seen.subject) return undefined
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
    ...waiting(azure),
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
