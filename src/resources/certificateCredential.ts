import type { Application, Directory, KeyCredential, WantedKey } from '../azure/directory.ts'
import { daysAfter } from '../core/diff.ts'
import { HmaError } from '../core/errors.ts'
import type { Difference, Kind, Run } from '../core/kind.ts'
import { credentialName, isOurs } from './mark.ts'
import type { CertificateKey } from './renewal.ts'
import type { Registration, Sight } from './sight.ts'
import { monthsLater, publicKeyOfCertificate, sign, thumbprint, validityOf } from './x509.ts'

export type Spec = Registration & {
  readonly objectId: string
  /** The key that must be trusted. */
  readonly key: CertificateKey
  /** How long a certificate is valid that hma signs. */
  readonly validityMonths: number
  /** How long a former certificate stays trusted. */
  readonly overlapDays: number
}

/** One certificate that HMA-App trusts. `publicKey` is unknown where the directory does not show the certificate. */
type Trusted = Pick<KeyCredential, 'keyId' | 'thumbprint' | 'start' | 'end'> & {
  readonly publicKey?: string
  readonly ours: boolean
}

export type Live = {
  readonly tenantId: string
  readonly registration: Registration
  readonly objectId: string
  readonly trusted: readonly Trusted[]
}

/** Which certificates HMA-App trusts: the current one, the next one before it is current, and the former one for a while. */
export const certificateCredential = (directory: Directory, sight: Sight): Kind<Spec, Live, 'tenantId' | 'uniqueName'> => ({
  identity: ['tenantId', 'uniqueName'],
  sights: 5,

  async read({ tenantId, uniqueName, appId }, run) {
    const registration = { tenantId, uniqueName, ...(appId && { appId }) }
    const found = await sight.application(registration, run)
    if (!found || found.keyCredentials.length === 0) return undefined
    return {
      tenantId,
      registration,
      objectId: found.objectId,
      trusted: found.keyCredentials.map((key) => describe(key, run.owner)),
    }
  },

  diff: ({ key, overlapDays }, live, now) => {
    if (!key) return []
    const wanted = live.trusted.find((one) => matches(one, key))
    if (!wanted || Date.parse(wanted.end) <= now.getTime())
      return [
        {
          field: 'trusted',
          to: key.publicKey,
          why: key.csr
            ? 'HMA-App must trust the new key before it is current'
            : 'HMA-App does not trust the certificate of the vault',
        },
      ]
    return overlapDays === undefined || key.csr ? [] : superseded(live.trusted, wanted, overlapDays, now)
  },

  async reconcile({ tenantId, uniqueName, appId, objectId, key, validityMonths, overlapDays }, _live, run) {
    const found = await sight.application({ tenantId, uniqueName, ...(appId && { appId }) }, run)
    if (!found) throw new HmaError('The registration is not to be seen yet', { retryable: true })
    const trusted = found.keyCredentials.map((one) => describe(one, run.owner))
    const wanted = trusted.find((one) => matches(one, key) && Date.parse(one.end) > run.now.getTime())
    const former = wanted && !key.csr ? superseded(trusted, wanted, overlapDays, run.now) : []
    const gone = new Set(former.map((difference) => difference.from))
    const kept: WantedKey[] = found.keyCredentials.filter((one) => !gone.has(one.thumbprint)).map((keep) => ({ keep }))
    await directory.setKeys(tenantId, objectId, wanted ? kept : [...kept, await addition(key, validityMonths, run)])
  },

  async remove({ tenantId, registration, objectId }, run) {
    const found: Application | undefined = await sight.application(registration, run)
    const foreign = found?.keyCredentials.filter((one) => !isOurs(one.displayName, run.owner)) ?? []
    await directory.setKeys(
      tenantId,
      objectId,
      foreign.map((keep) => ({ keep })),
    )
  },
})

const describe = ({ keyId, displayName, thumbprint, start, end, certificate }: KeyCredential, owner: string): Trusted => ({
  ...{ keyId, thumbprint, start, end, ours: isOurs(displayName, owner) },
  ...(certificate !== undefined && { publicKey: publicKeyOfCertificate(certificate) }),
})

const matches = (trusted: Trusted, key: CertificateKey): boolean =>
  trusted.publicKey === undefined
    ? key.certificate !== undefined && trusted.thumbprint === thumbprint(key.certificate)
    : trusted.publicKey === key.publicKey

/** Former certificates of ours, once the one that took their place has been trusted for the whole overlap. Foreign ones stay. */
function superseded(trusted: readonly Trusted[], wanted: Trusted, overlapDays: number, now: Date): Difference[] {
  if (now.getTime() < daysAfter(wanted.start, overlapDays)) return []
  const former = trusted.filter((one) => one.ours && one.keyId !== wanted.keyId)
  return former.map((one) => ({
    field: 'trusted',
    from: one.thumbprint,
    reason: 'superseded',
    why: `its ${overlapDays} days of overlap are over`,
  }))
}

/** Clocks differ: what is made now is valid from a little earlier. */
const skew = 5 * 60_000

async function addition({ csr, certificate }: CertificateKey, validityMonths: number, { owner, now }: Run): Promise<WantedKey> {
  const earlier = new Date(now.getTime() - skew)
  const signed = certificate ?? (csr === undefined ? undefined : await sign(csr, earlier, monthsLater(earlier, validityMonths)))
  if (signed === undefined) throw new HmaError('There is neither a certificate nor a request to be signed')
  const { notBefore, notAfter } = validityOf(signed)
  return {
    add: {
      certificate: signed,
      displayName: credentialName(owner, thumbprint(signed).slice(0, 16)),
      // The overlap of the former certificate is counted from here, so it is not the day on which a CA signed this one.
      start: (notBefore > earlier ? notBefore : earlier).toISOString(),
      end: notAfter.toISOString(),
    },
  }
}
