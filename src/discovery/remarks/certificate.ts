import type { VaultCertificate } from '../../azure/keyVault/port.ts'
import { factsOf } from '../../certificates/facts.ts'
import { hasBegun } from '../../core/time.ts'
import type { Discovery } from '../discovery.ts'
import { known } from '../readResult.ts'
import { ending, endsSoon, type ImportRemark, isOver, when } from '../remark.ts'

/** Remarks on the certificate that the vault serves, and on HMA-App's trust in it. */
export function certificateRemarks(found: Discovery, now: Date): readonly ImportRemark[] {
  if (!('seen' in found.certificate)) return []
  const current = found.certificate.seen
  if (!current) return absent(found)
  return [...state(current, now), ...key(current), ...trust(current, found, now)]
}

const absent = ({ certificateName, vault }: Discovery): ImportRemark[] => [
  {
    at: 'certificate.name',
    message: `The vault ${known(vault.name)} serves no certificate ${known(certificateName)}: Dynamics cannot sign in.`,
    next: '`hma apply` makes it. If it was deleted in the vault, recover it there first.',
  },
]

const state = ({ expires, enabled, renewsItself }: VaultCertificate, now: Date): ImportRemark[] => [
  ...when(isOver(expires, now), 'certificate', `The certificate ${ending(expires, now)}.`, '`hma apply` replaces it.'),
  ...when(
    endsSoon(expires, now),
    'certificate',
    `The certificate ${ending(expires, now)}.`,
    '`hma apply` renews it at once, since it does so renewBeforeDays ahead.',
  ),
  ...when(!enabled, 'certificate', 'The current version is disabled.', 'Enable it in the vault, or `hma apply` replaces it.'),
  ...when(
    renewsItself,
    'certificate.issuer',
    'The vault renews the certificate by itself (AutoRenew), and serves a new version before HMA-App trusts it: sign-in then fails.',
    '`hma apply` switches AutoRenew off, and renews the certificate itself.',
  ),
]

function key({ certificate }: VaultCertificate): ImportRemark[] {
  const { keySize } = factsOf(certificate)
  if (keySize === undefined)
    return [
      {
        at: 'certificate.keySize',
        message: 'The key of the certificate is not an RSA key.',
        next: '`hma apply` replaces it by one with an RSA key of 2048 bits.',
      },
    ]
  return when(
    !isUsualSize(keySize),
    'certificate.keySize',
    `The key of the certificate has ${keySize} bits, a size that hma does not create.`,
    '`hma apply` replaces it by one of 2048 bits.',
  )
}

export const isUsualSize = (size: number | undefined): boolean => size !== undefined && [2048, 3072, 4096].includes(size)

function trust({ thumbprint }: VaultCertificate, { hmaApp }: Discovery, now: Date): ImportRemark[] {
  const application = known(hmaApp.application)
  if (!application) return []
  const own = application.keyCredentials.filter((one) => one.signsIn && one.thumbprint === thumbprint)
  const valid = own.filter(({ start, end }) => hasBegun(start, now) && !isOver(end, now))
  const others = application.keyCredentials.length - own.length
  return [
    ...when(
      valid.length === 0,
      'hmaApp.appId',
      own.length === 0
        ? `HMA-App does not trust the current certificate in the vault (${thumbprint}): Dynamics cannot sign in.`
        : `HMA-App's entry for the certificate (${thumbprint}) is not valid now: Dynamics cannot sign in.`,
      '`hma apply` adds it.',
    ),
    ...when(
      others > 0,
      'hmaApp.appId',
      `HMA-App trusts ${others === 1 ? 'another certificate' : `${others} other certificates`} too. hma leaves what it did not make.`,
      'Remove unused credentials in Entra.',
    ),
  ]
}
