import type { KeyCredential } from '../azure/directory/port.ts'
import type { VaultCertificate } from '../azure/keyVault/port.ts'
import type { Secret } from '../core/secret.ts'
import { hasBegun, renewsFrom } from '../core/time.ts'
import { ifAllowed, ifFound, need, own, type Step } from './chain.ts'
import { type Finding, failed, type Lost, passed, warning } from './finding.ts'
import { keyPair } from './keyPair.ts'
import { absent } from './keyVaultSignIn.ts'
import { type Ports, type Subject, until } from './subject.ts'
import type { Served } from './vaultRead.ts'

/** A certificate that HMA-App trusts. */
export interface Trusted {
  readonly appId: string
  /** Key and certificate, if hma may see the key. */
  readonly pem: Secret | undefined
}

/** Is the certificate that the vault serves valid, does HMA-App trust it, and can its key be used? */
export async function certificate(
  subject: Subject,
  ports: Ports,
  known: Step<true>,
  step: Step<Served>,
): Promise<Finding<Trusted>> {
  await need(known)
  const { tenantId, key } = subject.hmaApp
  const [served, application] = await Promise.all([looked(subject, ports, step), own(ports.directory.application(tenantId, key))])
  if (!served)
    return failed(`The vault has no certificate ${subject.certificateName}.`, 'Run `hma apply` to create the certificate.')
  if (!application) return absent('HMA-App', 'appId' in key)
  const current = served.certificate
  const pair = served.material === undefined ? undefined : await keyPair(served.material)
  const counts = ({ start, end }: KeyCredential): boolean =>
    hasBegun(start, subject.now) && Date.parse(end) > subject.now.getTime()
  const trusted = application.keyCredentials.some((one) => one.signsIn && one.thumbprint === current.thumbprint && counts(one))
  const problem = invalid(current, subject.now) ?? keyless(pair, current) ?? (trusted ? undefined : untrusted(current))
  if (problem) return problem
  const value = { appId: application.appId, pem: typeof pair === 'object' ? pair.pem : undefined }
  return judged(current, value, subject)
}

interface CertificateRead {
  readonly certificate: VaultCertificate
  readonly material: Secret | undefined
}

/** As KV-App sees it; otherwise with hma's own rights, which may not include the key. */
async function looked(
  { vaultUri, certificateName }: Subject,
  { keyVault }: Ports,
  step: Step<Served>,
): Promise<CertificateRead | undefined> {
  const served = await ifFound(step)
  if (served) return served
  const found = await own(keyVault.certificate(vaultUri, certificateName))
  if (!found?.enabled) return found && { certificate: found, material: undefined }
  const material = await ifAllowed(keyVault.secretValue(vaultUri, certificateName))
  return { certificate: found, material }
}

function invalid({ enabled, notBefore, expires, version }: VaultCertificate, now: Date): Lost | undefined {
  if (!enabled)
    return failed(
      `The current certificate in the vault (${version}) is disabled.`,
      'Run `hma apply` to create a new version, or enable the current one in the vault.',
    )
  if (Date.parse(expires) <= now.getTime())
    return failed(
      `The current certificate in the vault expired on ${expires.slice(0, 10)}.`,
      'Run `hma apply` to create a new one. Run it on a schedule, so that renewals happen in time.',
    )
  if (!hasBegun(notBefore, now))
    return failed(
      `The certificate that the vault serves is valid from ${notBefore} only.`,
      'Run `hma apply` to create a new version, or wait until then.',
    )
  return undefined
}

function keyless(pair: Awaited<ReturnType<typeof keyPair>> | undefined, { thumbprint }: VaultCertificate): Lost | undefined {
  if (pair === 'noKey')
    return failed(
      'The secret of the certificate holds no private key: the policy in the vault says that the key is not exportable.',
      'Run `hma rotate certificate` to create a certificate with an exportable key. An imported one needs a policy with an exportable key.',
    )
  if (pair === 'unreadable')
    return failed(
      'The secret of the certificate cannot be read as PKCS#12 or PEM with an RSA key.',
      'Run `hma rotate certificate` to create a certificate that Dynamics can use.',
    )
  return pair === undefined || pair.thumbprint === thumbprint
    ? undefined
    : failed(
        `The secret of the certificate holds another one (${pair.thumbprint}).`,
        'Run `hma rotate certificate`, so that certificate and secret match again.',
      )
}

const untrusted = ({ thumbprint }: VaultCertificate): Lost =>
  failed(
    `HMA-App does not trust the current certificate in the vault (${thumbprint}).`,
    'Run `hma apply` to add the certificate to HMA-App.',
  )

function judged({ thumbprint, expires }: VaultCertificate, value: Trusted, { now, renewBeforeDays }: Subject): Finding<Trusted> {
  const seen = `HMA-App trusts ${thumbprint}, valid until ${until(expires, now)}`
  const key = value.pem ? '; its key can be exported.' : '; hma cannot see whether its key can be exported.'
  return renewsFrom(expires, renewBeforeDays) < now.getTime()
    ? warning(`${seen}${key}`, 'Run `hma apply`: the certificate is due for renewal.', value)
    : passed(`${seen}${key}`, value)
}
