import 'reflect-metadata'
import { ExtendedKeyUsageExtension, KeyUsagesExtension, type X509Certificate } from '@peculiar/x509'
import { markHonoured } from '../../honoured.ts'
import { booleanAt, type JsonObject, objectAt, textAt } from '../../resourceManager/json.ts'
import { badParameter, refuse } from '../errors.ts'
import { specOf, spkiOf } from '../keys/keyPairs.ts'
import { fromPem } from '../pem.ts'
import { bodyOf, nameOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Certificate, Policy } from '../state.ts'
import { readTags } from '../tags.ts'
import { decodeName } from './distinguishedName.ts'
import { checkStartable, keyMismatch } from './pending.ts'
import { type Contents, fromPkcs12 } from './pkcs12.ts'
import { defaultPolicy, mergePolicy, readContentType } from './policy.ts'
import { newVersion } from './versions.ts'
import { bundleView } from './views.ts'
import { keyUsages, parseCertificate } from './x509.ts'

const monthMilliseconds = (365.2425 / 12) * 86_400_000

export async function importCertificate(asked: RequestContext): Promise<Response> {
  const { azure, vault } = asked.var
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'import', name)
  checkStartable(asked, name)
  const now = azure.now()
  const infers = body.policy === undefined && azure.settings.pemWithoutPolicy === 'imported'
  const given = infers ? inferredPolicy(body) : objectAt(body, 'policy')
  const contentType = readContentType(objectAt(given, 'secret_props'))
  // https://github.com/Azure/azure-cli/issues/27220, https://github.com/Azure/azure-sdk-for-go/issues/21780
  if (given.lifetime_actions !== undefined && contentType === undefined)
    throw badParameter('Property policy has invalid value\r\n')
  const { privateKey, leaf, chain, leafFirst } = readContents(body, contentType)
  // The order is kept if the leaf comes first, and only then.
  if (leafFirst) markHonoured(body.preserveCertOrder)
  if (leaf.notAfter <= now) throw refuse(400, 'CertificateExpired', 'The certificate to import has expired.')
  const policy = derivedPolicy(leaf, privateKey, given, secondsOf(now))
  const enabled = booleanAt(objectAt(body, 'attributes'), 'enabled') ?? true
  const imported = newVersion({ chain, privateKey, policy, tags: readTags(body), enabled, now })
  const certificate: Certificate = vault.certificates[name.toLowerCase()] ?? { name, policy, versions: [] }
  certificate.policy = policy
  certificate.versions.push(imported)
  delete certificate.operation
  vault.certificates[name.toLowerCase()] = certificate
  return asked.json(bundleView(asked, certificate, imported))
}

interface Usable {
  readonly privateKey: string
  readonly leaf: X509Certificate
  readonly chain: readonly string[]
  /** Did the leaf come first in the file? */
  readonly leafFirst: boolean
}

/** Reads PKCS#12 unless the policy says PEM: https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate */
function readContents(body: JsonObject, contentType: string | undefined): Usable {
  const value = textAt(body, 'value')
  if (!value) throw badParameter("The parameter 'value' is not specified.")
  const password = textAt(body, 'pwd') ?? ''
  if (password.length > 200) throw badParameter("'pwd' is longer than 200 characters.")
  if (contentType === 'application/x-pem-file') return usable(fromPem(textOfPem(value), password), unreadablePem)
  return usable(fromPkcs12(value, password), unreadablePkcs12)
}

/**
 * The policy that names the file's format, which is required for PEM:
 * https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate
 */
function inferredPolicy(body: JsonObject): JsonObject {
  const isPem = textOfPem(textAt(body, 'value') ?? '').includes('-----BEGIN')
  return isPem ? { secret_props: { contentType: 'application/x-pem-file' } } : {}
}

/** A PEM file as it stands, or its bytes in base64, as az and azurerm send it. */
const textOfPem = (value: string): string =>
  value.includes('-----BEGIN') ? value : Buffer.from(value, 'base64').toString('utf8')

const unreadablePem =
  'The specified PEM X.509 certificate content is in an unexpected format. Please check if certificate is in valid PEM format.'
const unreadablePkcs12 =
  'The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.'

function usable(contents: Contents | undefined, unreadable: string): Usable {
  if (!contents || contents.certificates.length === 0) throw badParameter(unreadable)
  const { privateKey, certificates } = contents
  if (privateKey === undefined) {
    throw badParameter(
      'Private key is not specified in the specified X.509 certificate content. Please specify private key in the X.509 certificate content.',
    )
  }
  const key = spkiOf(privateKey)
  for (const der of certificates) {
    const leaf = parseCertificate(der)
    if (!leaf || !key.equals(Buffer.from(leaf.publicKey.rawData))) continue
    const chain = [der, ...certificates.filter((other) => other !== der)]
    return { privateKey, leaf, chain, leafFirst: certificates[0] === der }
  }
  throw keyMismatch()
}

/** The policy of an imported certificate: its properties come from the certificate, its lifetime actions from the request. */
function derivedPolicy(leaf: X509Certificate, privateKey: string, given: JsonObject, now: number): Policy {
  const issuer = textAt(objectAt(given, 'issuer'), 'name') ?? 'Unknown'
  const usage = leaf.getExtension(KeyUsagesExtension)?.usages ?? 0
  const basis = defaultPolicy(issuer, now)
  const derived: Policy = {
    ...basis,
    key_props: { ...basis.key_props, ...specOf(privateKey) },
    x509_props: {
      subject: decodeName(leaf.subjectName),
      ekus: leaf.getExtension(ExtendedKeyUsageExtension)?.usages.map(String) ?? [],
      key_usage: Object.keys(keyUsages)
        .filter((name) => (usage & (keyUsages[name] ?? 0)) !== 0)
        .sort(),
      validity_months: Math.round((leaf.notAfter.getTime() - leaf.notBefore.getTime()) / monthMilliseconds),
      basic_constraints: { ca: false },
    },
  }
  const { exportable, reuse_key } = objectAt(given, 'key_props')
  // The rest follows from the key and the certificate.
  markHonoured([given.key_props, given.x509_props])
  const { secret_props, lifetime_actions, issuer: named, attributes } = given
  const key_props = { exportable, reuse_key }
  return mergePolicy(derived, { secret_props, lifetime_actions, issuer: named, attributes, key_props }, now)
}
