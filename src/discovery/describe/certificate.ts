import type { VaultCertificate } from '../../azure/keyVault/port.ts'
import { type CertificateFacts, factsOf } from '../../certificates/facts.ts'
import { block, type Entry, looked, value } from '../../config/write/entry.ts'
import type { Discovery } from '../discovery.ts'
import { isUsualSize } from '../remarks/certificate.ts'

/** The certificate as it is, and how the next one is made. */
export function certificateEntry({ certificate, certificateName }: Discovery): Entry {
  const name = looked('name', certificateName, 'Dynamics reads it by this name')
  if ('unread' in certificate) {
    // If left out, these would take their defaults, and the present certificate would be replaced.
    const keys = ['source', 'subject', 'keySize', 'validityMonths']
    return block('certificate', [name, ...keys.map((key) => looked(key, certificate))])
  }
  const current = certificate.seen
  return block('certificate', [
    name,
    ...(current ? present(current) : making('the vault has none: it is made')),
    ...times(current),
  ])
}

const making = (why: string): Entry[] => [value('source', 'generate', why), value('issuer', 'hma', 'renewed with no gap')]

function present(current: VaultCertificate): Entry[] {
  const facts = factsOf(current.certificate)
  const { validityMonths } = current.policy
  return [
    ...source(current, facts),
    ...subject(current, facts),
    ...(isUsualSize(facts.keySize) ? [value('keySize', facts.keySize ?? 0)] : []),
    value('validityMonths', Math.min(Math.max(validityMonths, 1), 120), 'of the next one; so says the policy in the vault'),
  ]
}

/** A policy says `Unknown` for certificates signed elsewhere, by a CA or self-signed, and for imported ones. */
function source({ policy: { issuer } }: VaultCertificate, facts: CertificateFacts): Entry[] {
  if (issuer === 'Self' || (issuer === 'Unknown' && facts.isSelfSigned))
    return [
      value('source', 'generate', 'no CA signed the present one'),
      value(
        'issuer',
        'hma',
        issuer === 'Self' ? 'Self, as the policy says, leaves a gap at each renewal' : 'renewed with no gap',
      ),
    ]
  if (issuer === 'Unknown')
    return [
      value('source', 'csr', `${facts.issuer || 'a CA'} signed the present one`),
      value('signedFile', './hma-cert.cer', 'for the next one, once your CA has signed it'),
    ]
  return [value('source', 'generate'), value('issuer', issuer, 'as the policy says; each renewal leaves a gap')]
}

/** A CA may write its own subject: then the requested one counts. */
function subject({ policy }: VaultCertificate, facts: CertificateFacts): Entry[] {
  const asked = policy.issuer === 'Unknown' && !facts.isSelfSigned ? policy.subject || facts.subject : facts.subject
  return asked === '' ? [looked('subject', { unread: 'the certificate has no subject' })] : [value('subject', asked)]
}

/** Shorter, if the certificate is only valid for a month or two. */
function times(current: VaultCertificate | undefined): Entry[] {
  const days = (current?.policy.validityMonths ?? 12) * 28
  const before = Math.min(30, Math.max(1, Math.floor(days / 3)))
  return [
    value('renewBeforeDays', before),
    value('overlapDays', Math.min(7, before), 'how long the former certificate stays trusted'),
  ]
}
