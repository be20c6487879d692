import { company } from '../../packages/sandbox/test/support/companyCa.ts'
import { modern } from '../../packages/sandbox/test/support/pfxOfTools.ts'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { fields, text } from './specs.ts'
import type { Place } from './world.ts'

/** Replacements for an example's truncated or foreign values. */
export interface Change {
  readonly parameters?: Readonly<Record<string, string>>
  readonly body?: object
}

type Arrange = (at: Place, name: string, parameters: Readonly<Record<string, unknown>>) => Promise<Change>

const version = '?api-version=2025-07-01'
const policy = (issuer: string) => ({ issuer: { name: issuer }, x509_props: { subject: 'CN=hma.contoso.com' } })

async function begin({ vault }: Place, name: string, issuer: string): Promise<string> {
  const { status, json, text: body } = await vault('POST', `/certificates/${name}/create${version}`, { policy: policy(issuer) })
  if (status !== 202) throw new Error(body)
  return text(json.csr)
}

/** A certificate that the vault has signed itself. */
async function certificate(at: Place, name: string): Promise<Change> {
  await begin(at, name, 'Self')
  at.sandbox.advance(20_000)
  const { json } = await at.vault('GET', `/certificates/${name}/${version}`)
  return { parameters: { 'certificate-version': text(json.id).split('/').at(-1) ?? '' } }
}

async function secret({ vault }: Place, name: string, about: object = {}): Promise<Change> {
  const { json } = await vault('PUT', `/secrets/${name}${version}`, { value: 'a value', ...about })
  return { parameters: { 'secret-version': text(json.id).split('/').at(-1) ?? '' } }
}

/** With all that a secret can have. */
const fullSecret: Arrange = (at, name) =>
  secret(at, name, { contentType: 'text', attributes: { nbf: 1262332800, exp: 1893484800 } })

const textSecret: Arrange = (at, name) => secret(at, name, { contentType: 'text' })

/** More than a page of one, with names that come before those of certificates. */
const several: Arrange = async (at) => {
  await secret(at, 'A-first', { contentType: 'text' })
  return secret(at, 'A-second', { contentType: 'text' })
}

const severalVersions: Arrange = async (at, name) => {
  await secret(at, name)
  return secret(at, name)
}

const plainSecret: Arrange = (at, name) => secret(at, name)

/** Two of them, since a page of the example holds one. */
const severalDeleted: Arrange = async (at, _name, parameters) => {
  await deleted('secrets', textSecret)(at, 'A-deleted', parameters)
  return deleted('secrets', textSecret)(at, 'A-deleted-too', parameters)
}

const asIs: Arrange = async () => ({})
const pending =
  (issuer: string): Arrange =>
  async (at, name) => {
    await begin(at, name, issuer)
    return {}
  }

/** Soft-deleted, and long enough ago that it can be seen among the deleted ones. */
const deleted =
  (kind: 'certificates' | 'secrets', make: Arrange): Arrange =>
  async (at, name, parameters) => {
    await make(at, name, parameters)
    await at.vault('DELETE', `/${kind}/${name}${version}`)
    at.sandbox.advance(60_000)
    return {}
  }

const issuer: Arrange = async ({ vault }, name) => {
  const organization = { admin_details: [{ first_name: 'John', last_name: 'Doe', email: 'admin@contoso.com', phone: '1' }] }
  await vault('PUT', `/certificates/issuers/${name}${version}`, {
    ...{ provider: 'Test', credentials: { account_id: 'user', pwd: 'password' }, org_details: organization },
  })
  return {}
}

const contacts: Arrange = async ({ vault }) => {
  await vault('PUT', `/certificates/contacts${version}`, { contacts: [{ email: 'a@contoso.com', name: 'A', phone: '1' }] })
  return {}
}

/** The bytes of the example are cut off: the chain is one for the pending key. */
const merge: Arrange = async (at, name) => {
  const csr = await begin(at, name, 'Unknown')
  const request = `-----BEGIN CERTIFICATE REQUEST-----\n${csr}\n-----END CERTIFICATE REQUEST-----`
  const { leaf } = await (await company()).sign(request, { from: at.sandbox.now(), days: 365 })
  return { body: { x5c: [leaf.replace(/-----[A-Z ]+-----|\s/g, '')] } }
}

const importing: Arrange = async (at, _name, { parameters }) => {
  const given = fields(parameters)
  if (!text(given.value).startsWith('-----BEGIN')) return { body: { ...given, value: modern.toString('base64'), pwd: 'brought' } }
  const { privateKey, pem } = await selfSigned('CN=KeyVaultTest', at.sandbox.now(), 365)
  return { body: { ...given, value: `${privateKey}${pem}\n` } }
}

/** Only a vault of the same kind can read a backup, so the example's is replaced by one of a deleted object. */
const restoring =
  (kind: 'certificates' | 'secrets', make: Arrange): Arrange =>
  async (at, _name, parameters) => {
    const name = `restored-${kind}`
    await make(at, name, parameters)
    const { json } = await at.vault('POST', `/${kind}/${name}/backup${version}`)
    await at.vault('DELETE', `/${kind}/${name}${version}`)
    at.sandbox.advance(60_000)
    await at.vault('DELETE', `/deleted${kind}/${name}${version}`)
    return { body: { value: json.value } }
  }

/** What must exist before an operation's example can be sent. */
export const arrangements: Readonly<Record<string, Arrange>> = {
  GetCertificates: certificate,
  DeleteCertificate: certificate,
  SetCertificateContacts: asIs,
  GetCertificateContacts: contacts,
  DeleteCertificateContacts: contacts,
  GetCertificateIssuers: issuer,
  SetCertificateIssuer: asIs,
  UpdateCertificateIssuer: issuer,
  GetCertificateIssuer: issuer,
  DeleteCertificateIssuer: issuer,
  CreateCertificate: asIs,
  ImportCertificate: importing,
  GetCertificateVersions: certificate,
  GetCertificatePolicy: certificate,
  UpdateCertificatePolicy: certificate,
  UpdateCertificate: certificate,
  GetCertificate: certificate,
  UpdateCertificateOperation: pending('Self'),
  GetCertificateOperation: pending('Self'),
  DeleteCertificateOperation: pending('Self'),
  MergeCertificate: merge,
  BackupCertificate: certificate,
  RestoreCertificate: restoring('certificates', certificate),
  GetDeletedCertificates: deleted('certificates', certificate),
  GetDeletedCertificate: deleted('certificates', certificate),
  PurgeDeletedCertificate: deleted('certificates', certificate),
  RecoverDeletedCertificate: deleted('certificates', certificate),
  SetSecret: asIs,
  DeleteSecret: plainSecret,
  UpdateSecret: plainSecret,
  GetSecret: plainSecret,
  GetSecrets: several,
  GetSecretVersions: severalVersions,
  GetDeletedSecrets: severalDeleted,
  GetDeletedSecret: deleted('secrets', plainSecret),
  PurgeDeletedSecret: deleted('secrets', plainSecret),
  RecoverDeletedSecret: deleted('secrets', plainSecret),
  BackupSecret: plainSecret,
  RestoreSecret: restoring('secrets', fullSecret),
}

/** Gives an example's object its own name, so that examples do not affect each other. */
export const named = (operation: string): Readonly<Record<string, string>> => ({
  'certificate-name': operation,
  'secret-name': operation,
  'issuer-name': operation,
})
