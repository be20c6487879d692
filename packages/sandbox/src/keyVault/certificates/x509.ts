import 'reflect-metadata'
import { createHash, randomBytes, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { newKey, spkiOf } from '../keys/keyPairs.ts'
import { signingKeys } from '../keys/signingKeys.ts'
import type { Policy } from '../state.ts'
import { encodeName } from './distinguishedName.ts'

cryptoProvider.set(webcrypto)

type Subject = Policy['x509_props']

export const keyUsages: Record<string, KeyUsageFlags> = {
  digitalSignature: KeyUsageFlags.digitalSignature,
  nonRepudiation: KeyUsageFlags.nonRepudiation,
  keyEncipherment: KeyUsageFlags.keyEncipherment,
  dataEncipherment: KeyUsageFlags.dataEncipherment,
  keyAgreement: KeyUsageFlags.keyAgreement,
  keyCertSign: KeyUsageFlags.keyCertSign,
  cRLSign: KeyUsageFlags.cRLSign,
  encipherOnly: KeyUsageFlags.encipherOnly,
  decipherOnly: KeyUsageFlags.decipherOnly,
}

const usageFlags = (names: readonly string[]): number => names.reduce((flags, name) => flags | (keyUsages[name] ?? 0), 0)

function alternativeNames({ sans = {} }: Subject): JsonGeneralNames {
  return [
    ...(sans.dns_names ?? []).map((value) => ({ type: 'dns', value }) as const),
    ...(sans.emails ?? []).map((value) => ({ type: 'email', value }) as const),
    ...(sans.upns ?? []).map((value) => ({ type: 'upn', value }) as const),
    ...(sans.uris ?? []).map((value) => ({ type: 'url', value }) as const),
    ...(sans.ipAddresses ?? []).map((value) => ({ type: 'ip', value }) as const),
  ]
}

function requested(subject: Subject): Extension[] {
  const names = alternativeNames(subject)
  return [
    ...(subject.key_usage.length > 0 ? [new KeyUsagesExtension(usageFlags(subject.key_usage), true)] : []),
    ...(subject.ekus.length > 0 ? [new ExtendedKeyUsageExtension(subject.ekus)] : []),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    new BasicConstraintsExtension(subject.basic_constraints.ca),
  ]
}

const base64 = (data: ArrayBuffer): string => Buffer.from(data).toString('base64')

/** Base64 of the DER of a signing request. */
export async function signingRequest(subject: Subject, privateKey: string): Promise<string> {
  const keys = signingKeys(privateKey)
  const wanted = {
    name: encodeName(subject.subject) ?? [],
    keys,
    signingAlgorithm: keys.algorithm,
    extensions: requested(subject),
  }
  const request = await Pkcs10CertificateRequestGenerator.create(wanted, keys.crypto)
  return base64(request.rawData)
}

/** The moment `months` calendar months later; at the end of a short month where the day does not exist. */
export function monthsLater(from: Date, months: number): Date {
  const to = new Date(from)
  to.setUTCMonth(to.getUTCMonth() + months, 1)
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate()
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay))
  return to
}

/** Certificates begin ten minutes before they are made. */
export const validity = (now: Date, months: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(now.getTime() - 600_000),
  notAfter: monthsLater(now, months),
})

/** Base64 of the DER of a certificate for the key: signed with itself, or in the name of an issuer. */
export const issue = (subject: Subject, privateKey: string, now: Date, issuer?: string): Promise<string> =>
  issueFor(subject, privateKey, validity(now, subject.validity_months), issuer)

/** The same, with the times of its validity given. */
export async function issueFor(
  subject: Subject,
  privateKey: string,
  valid: ReturnType<typeof validity>,
  issuer?: string,
): Promise<string> {
  const keys = signingKeys(privateKey)
  const signer = issuer === undefined ? keys : signingKeys(await newKey({ key_size: 2048 }))
  const name = encodeName(subject.subject) ?? []
  const wanted = {
    serialNumber: randomBytes(16).toString('hex'),
    subject: name,
    issuer: issuer === undefined ? name : [{ CN: [issuer] }],
    notBefore: valid.notBefore,
    notAfter: valid.notAfter,
    publicKey: spkiOf(privateKey),
    signingKey: signer.privateKey,
    signingAlgorithm: signer.algorithm,
    extensions: [
      ...requested(subject),
      await AuthorityKeyIdentifierExtension.create(signer.publicKey, false, signer.crypto),
      await SubjectKeyIdentifierExtension.create(keys.publicKey, false, keys.crypto),
    ],
  }
  const certificate = await X509CertificateGenerator.create(wanted, signer.crypto)
  return base64(certificate.rawData)
}

/** A certificate of base64 DER; undefined where it is none. */
export function parseCertificate(der: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(der, 'base64'))
  } catch {
    return undefined
  }
}

/** SHA-1 of the DER, base64url without padding. */
export const thumbprint = (der: string): string => createHash('sha1').update(Buffer.from(der, 'base64')).digest('base64url')
