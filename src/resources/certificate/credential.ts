import type { Directory, NewKey } from '../../azure/directory/port.ts'
import { sign, thumbprint, validityOf, validUntil } from '../../certificates/x509.ts'
import { HmaError } from '../../core/errors.ts'
import type { Difference, Kind, Run } from '../../core/kind.ts'
import type { Mark } from '../../core/ownership.ts'
import { clockTolerance, day, daysUntil, elapsed } from '../../core/time.ts'
import { certificatePolicy, isNear, type Restrictions, renewalAt } from '../../observations/policy.ts'
import { credentialName } from '../mark.ts'
import type { Registration } from '../registered.ts'
import type { SharedReads } from '../sharedReads.ts'
import type { CertificateKey } from './renewal.ts'
import { type SignedFile, signedKey, unsigned } from './signature.ts'
import { isValid, madeElsewhere, replaceKeys, type TrustedEntry, trustedOf } from './trusted.ts'

export type Spec = Registration & {
  readonly objectId: string
  /** The vault that holds the certificate, recorded in the names of our credentials: those for another vault are not ours to remove. */
  readonly store: string
  /** The key that must be trusted. */
  readonly key: CertificateKey
  /** The validity of a certificate that hma signs itself. */
  readonly validityMonths?: number
  /** If the user's CA signs: its answer. */
  readonly signed?: SignedFile
  /** For an imported certificate: the vault where it becomes current later. The one current until then stays trusted. */
  readonly vault?: string
  readonly certificateName?: string
  /** How long a former certificate stays trusted. */
  readonly overlapDays: number
}

export type Live = {
  readonly tenantId: string
  readonly registration: Registration
  readonly objectId: string
  readonly trusted: readonly TrustedEntry[]
  /** ISO instant at which HMA-App was created, and its tenant's restrictions; read once a renewal comes near. */
  readonly created?: string
  readonly restrictions?: Restrictions
  /** Credentials that a deployment of this name made for another vault. */
  readonly elsewhere: readonly Mark[]
  /** What the vault serves, and since when at the latest, if the specification names the vault. */
  readonly served?: { readonly thumbprint: string; readonly since: string }
}

/** The certificates that HMA-App trusts: the current one, the next one before it becomes current, and the former one for a while. */
export const certificateCredential = (
  directory: Directory,
  reads: SharedReads,
): Kind<Spec, Live, 'tenantId' | 'uniqueName' | 'vault'> => ({
  identity: ['tenantId', 'uniqueName', 'vault'],
  confirmations: () => 5,

  async read({ tenantId, uniqueName, appId, store, vault, certificateName, validityMonths }, run) {
    const registration = { tenantId, uniqueName, ...(appId && { appId }) }
    const [found, served] = await Promise.all([
      reads.application(registration, run),
      vault !== undefined && certificateName !== undefined ? reads.certificate(vault, certificateName, run) : undefined,
    ])
    const trusted = found ? trustedOf(found, store, run.owner) : []
    if (!found || trusted.length === 0) {
      const { found: known = [] } = await reads.restrictions(registration, 'keyCredentials', run)
      for (const remark of policies(validityMonths, { tenantId, trusted, restrictions: { found: known } }, run.now))
        run.remark({ ...remark, about: 'certificateCredential' })
      return undefined
    }
    const restrictions = isNear(lastEnd(trusted), run.now) && (await reads.restrictions(registration, 'keyCredentials', run))
    return {
      tenantId,
      registration,
      objectId: found.objectId,
      trusted,
      ...(restrictions && { restrictions }),
      ...(found.created !== undefined && { created: found.created }),
      elsewhere: madeElsewhere(found.keyCredentials, store === undefined ? [] : [store], run),
      ...(served?.current && { served: { thumbprint: served.current.thumbprint, since: served.current.updated } }),
    }
  },

  marks: (live) => ({ marks: 'parent', dependents: live.elsewhere }),

  missing: (spec, now) => unsigned(spec, [], now),

  remarks: ({ validityMonths }, live, now) => policies(validityMonths, live, now),

  diff: (spec, live, now) => {
    const key = signedKey(spec.key, spec.signed, now)
    const wanted = key && find(live.trusted, key, now)
    if (wanted) return superseded(spec, live, wanted, now).map((one) => ending(spec, one))
    const known = live.trusted.map((one) => one.thumbprint)
    const waiting = unsigned(spec, known, now)
    if (!key || waiting.length > 0) return waiting.map((difference) => withTimeLeft(difference, live.trusted, now))
    return [{ field: 'trusted', to: key.publicKey, why: reasonFor(key, spec.vault) }]
  },

  async reconcile(spec, live, run) {
    const { tenantId, uniqueName, appId, objectId, store, validityMonths } = spec
    const registration = { tenantId, uniqueName, ...(appId && { appId }) }
    const found = await reads.application(registration, run)
    if (!found) throw new HmaError('HMA506', 'The registration is not visible in Entra yet', { retryable: true })
    const key = signedKey(spec.key, spec.signed, run.now)
    const trusted = trustedOf(found, store, run.owner)
    const wanted = find(trusted, key, run.now)
    const former = wanted ? superseded(spec, { ...live, trusted }, wanted, run.now) : []
    const added = wanted ? undefined : await addition(key, validityMonths, store, run)
    await replaceKeys({ directory, registration, objectId }, found, { former, ...(added && { added }) }, run)
  },

  /** Certificates that others added stay. */
  removable: ({ trusted }) => trusted.some((one) => one.ours),

  async remove({ registration, objectId, trusted }, run) {
    const found = await reads.application(registration, run)
    const former = trusted.filter(({ ours }) => ours)
    if (found) await replaceKeys({ directory, registration, objectId }, found, { former, ends: true }, run)
  },
})

/** Entra identifies a certificate by its thumbprint, so the key alone counts only while it has no certificate. */
const matches = (trusted: TrustedEntry, { publicKey, certificate }: CertificateKey): boolean =>
  certificate === undefined ? trusted.publicKey === publicKey : trusted.thumbprint === thumbprint(certificate)

/** The entry by which the key is trusted; ours, if there are several. */
function find(trusted: readonly TrustedEntry[], key: CertificateKey, now: Date): TrustedEntry | undefined {
  const valid = trusted.filter((one) => matches(one, key) && isValid(one, now))
  return valid.find(({ ours }) => ours) ?? valid[0]
}

function reasonFor({ csr }: CertificateKey, vault: string | undefined): string {
  if (csr !== undefined) return 'HMA-App must trust the new key before it is current'
  if (vault !== undefined) return 'HMA-App must trust the new certificate before it is current'
  return 'HMA-App does not trust the certificate of the vault'
}

/** How much time a person has left. */
function withTimeLeft(difference: Difference, trusted: readonly TrustedEntry[], now: Date): Difference {
  const last = Math.max(...trusted.filter((one) => one.ours).map((one) => Date.parse(one.end)))
  if (!Number.isFinite(last)) return difference
  const left = daysUntil(last, now)
  const rest = left < 0 ? `expired ${-left} days ago` : `expires in ${left} days`
  return { ...difference, why: `${difference.why}; the present certificate ${rest}` }
}

/**
 * Our former certificates, once their successor has been trusted and current for the whole overlap.
 * Others stay.
 */
function superseded(
  { key, vault, overlapDays }: Pick<Partial<Spec>, 'key' | 'vault' | 'overlapDays'>,
  { trusted, served }: Pick<Live, 'trusted' | 'served'>,
  wanted: TrustedEntry,
  now: Date,
): readonly TrustedEntry[] {
  const current = key?.csr === undefined && (vault === undefined || served?.thumbprint === wanted.thumbprint)
  const since = [wanted.start ?? '', key?.since ?? '', served?.since ?? ''].sort().at(-1) ?? ''
  if (!current || overlapDays === undefined || !elapsed(since, overlapDays, now)) return []
  return trusted.filter((one) => one.ours && one.keyId !== wanted.keyId)
}

const ending = ({ overlapDays }: Partial<Spec>, { thumbprint }: TrustedEntry): Difference => ({
  field: 'trusted',
  from: thumbprint,
  reason: 'superseded',
  why: `its ${overlapDays} days of overlap have ended`,
})

/** Valid from the start of a day, so that two concurrent runs sign the same. */
const midnightBefore = (instant: Date): Date => new Date(instant.toISOString().slice(0, 10))

async function addition(
  { csr, certificate }: CertificateKey,
  months: number | undefined,
  store: string,
  { owner, now }: Run,
): Promise<NewKey> {
  // Clocks differ, so it is valid from a little earlier.
  const earlier = new Date(now.getTime() - clockTolerance)
  const signs = certificate === undefined && csr !== undefined && months !== undefined
  const begin = midnightBefore(earlier)
  const signed = signs ? await sign(csr, begin, validUntil(begin, months)) : certificate
  if (signed === undefined) throw new HmaError('HMA902', 'There is neither a certificate nor a request that hma may sign')
  const { notBefore, notAfter } = validityOf(signed)
  return {
    certificate: signed,
    displayName: credentialName(owner, store, thumbprint(signed)),
    // The former certificate's overlap is counted from here, so this is not the day on which a CA signed.
    start: (notBefore > earlier ? notBefore : earlier).toISOString(),
    end: notAfter.toISOString(),
  }
}

/** When HMA-App's last certificate expires: the next one is needed by then. */
const lastEnd = (trusted: readonly TrustedEntry[]): string | undefined =>
  trusted
    .map(({ end }) => end)
    .sort()
    .at(-1)

/** Will a policy stop the next certificate that hma signs, or the first if there is none yet? */
function policies(
  validityMonths: number | undefined,
  { tenantId, trusted, restrictions, created }: Pick<Live, 'tenantId' | 'trusted' | 'restrictions' | 'created'>,
  now: Date,
) {
  if (validityMonths === undefined || restrictions === undefined) return []
  const days = Math.round((validUntil(now, validityMonths).getTime() - now.getTime()) / day)
  const renewal = { tenantId, created, at: renewalAt(lastEnd(trusted), now, 0), days }
  return certificatePolicy(restrictions, { ...renewal, ...(trusted.length === 0 && { isFirst: true }) })
}
