import { keySizeOf, publicKeyOfCertificate, subjectOf } from '../certificates/x509.ts'
import { ref } from '../core/graph.ts'
import type { Desired, Node } from '../core/kind.ts'
import type { Spec as Certificate } from '../resources/certificate/certificate.ts'
import type { Spec as CertificateCredential } from '../resources/certificate/credential.ts'
import type { Spec as CertificateRequest } from '../resources/certificate/request.ts'
import type { SignedFile } from '../resources/certificate/signature.ts'
import { type Material, node } from './node.ts'
import { certificateEarlier } from './renewal/spread.ts'

/** A certificate is trusted before it becomes current, except that an issuer of the vault makes it current at once. */
export function certificate(material: Material): Node[] {
  const { source, issuer } = material.configuration.certificate
  if (source === 'import') return imported(material)
  return source === 'generate' && issuer !== 'hma' ? issuedByVault(material, issuer) : signed(material)
}

function issuedByVault(material: Material, issuer: string): Node[] {
  const { configuration, at } = material
  return [
    node<Certificate>(at('certificate'), 'certificate', { ...wanted(material), issuer }),
    credential(material, { key: ref(at('certificate'), 'key'), validityMonths: configuration.certificate.validityMonths }),
  ]
}

/** The request for a key pair in the vault is signed by hma or by the user's CA. */
function signed(material: Material): Node[] {
  const { configuration, at, hmaApp } = material
  const key = ref(at('certificateRequest'), 'key')
  const ca = signature(material)
  const spec = { ...wanted(material), ...(ca && { signedBy: 'your CA' as const }) }
  return [
    node<CertificateRequest>(at('certificateRequest'), 'certificateRequest', spec),
    credential(material, { key, ...(ca ?? { validityMonths: configuration.certificate.validityMonths }) }),
    node<Certificate>(
      at('certificate'),
      'certificate',
      { ...spec, ...ca, issuer: 'hma', key, registration: hmaApp },
      { after: [at('certificateCredential')] },
    ),
  ]
}

/** If the user's CA signs: its answer so far. */
function signature({ configuration, file }: Material): { signed: SignedFile } | undefined {
  const { certificate, name } = configuration
  if (certificate.source !== 'csr') return undefined
  return {
    signed: { file: file?.name ?? certificate.signedFile, command: `hma csr --only ${name}`, chain: file?.chain ?? [] },
  }
}

/** The key is known from the file. Without the file's content nothing can be planned. */
function imported(material: Material): Node[] {
  const { configuration, at, vault, hmaApp, file } = material
  const { name, renewBeforeDays } = configuration.certificate
  const [leaf] = file?.chain ?? []
  const key = leaf === undefined ? {} : { key: { publicKey: publicKeyOfCertificate(leaf), certificate: leaf } }
  const facts = leaf === undefined ? {} : { subject: subjectOf(leaf), keySize: keySizeOf(leaf) }
  const contents = file?.pfx ? { file: file.name, pfx: file.pfx } : {}
  return [
    credential(material, { ...key, vault, certificateName: name }),
    node<Certificate>(
      at('certificate'),
      'certificate',
      { vault, name, ...facts, renewBeforeDays, registration: hmaApp, ...key, ...contents },
      { after: [at('certificateCredential')] },
    ),
  ]
}

function wanted({ configuration, vault }: Material) {
  const { name, subject, keySize, validityMonths, renewBeforeDays } = configuration.certificate
  const renewEarlierDays = certificateEarlier(configuration)
  return { vault, name, subject, keySize, validityMonths, renewBeforeDays, ...(renewEarlierDays > 0 && { renewEarlierDays }) }
}

type OfOneSource = Partial<Pick<CertificateCredential, 'key' | 'validityMonths' | 'signed' | 'vault' | 'certificateName'>>

const credential = ({ configuration, at, hmaApp }: Material, spec: Desired<OfOneSource>): Node =>
  node<Omit<CertificateCredential, keyof OfOneSource> & OfOneSource>(at('certificateCredential'), 'certificateCredential', {
    ...hmaApp,
    objectId: ref(at('hmaApp'), 'objectId'),
    store: configuration.keyVault.name,
    ...spec,
    overlapDays: configuration.certificate.overlapDays,
  })
