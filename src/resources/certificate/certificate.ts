import type { Application } from '../../azure/directory/port.ts'
import type { CertificateOperation, CertificatePolicy, KeyVault } from '../../azure/keyVault/port.ts'
import { keySizeOf, publicKeyOfCertificate, thumbprint } from '../../certificates/x509.ts'
import { HmaError } from '../../core/errors.ts'
import type { Kind, Run } from '../../core/kind.ts'
import { isOurs } from '../../core/ownership.ts'
import { marksInVaultTags, vaultTags } from '../mark.ts'
import type { SharedReads } from '../sharedReads.ts'
import { orderedBy } from './renewal.ts'
import { type Live, publicAuthority, type Spec, unlikeWanted } from './state.ts'
import { certificateOf } from './trusted.ts'

export type { Spec } from './state.ts'

/**
 * How many consecutive polls, including the survey, must show the same certificate on HMA-App before it becomes current: replicas
 * may also lag behind a write of a process that died. If this run wrote it, there have been that many already.
 */
const confirmations = 5

/** The certificate that the vault serves as current: what Dynamics reads. */
export function certificate(keyVault: KeyVault, reads: SharedReads): Kind<Spec, Live, 'vault' | 'name'> {
  return {
    identity: ['vault', 'name'],
    putsIntoUse: true,

    async read({ vault, name, issuer }, run) {
      const { current, unissued, tags, operation, deleted } = await reads.certificate(vault, name, run)
      if (deleted) return { vault, name, deleted: true, marks: marksInVaultTags(deleted.tags) }
      const issuance = issuer === 'hma' ? {} : progress(operation, issuer)
      if (!current) {
        if ('orderedBy' in issuance) return { vault, name, ...issuance, marks: [{ deployment: run.owner }] }
        if ('issuing' in issuance) return { vault, name, ...issuance, marks: marksInVaultTags(operation?.tags) }
        // `certificateRequest` takes care of requests waiting for their signature, and of their remains.
        return unissued && issuer !== 'hma' ? { vault, name, unissued, ...issuance, marks: marksInVaultTags(tags) } : undefined
      }
      const { thumbprint, expires, certificate, updated: since } = current
      const key = { publicKey: publicKeyOfCertificate(certificate), certificate, since }
      return { vault, name, thumbprint, expires, current, key, ...issuance, marks: marksInVaultTags(tags) }
    },

    marks: ({ marks }) => ({ marks, setting: 'certificate.name' }),

    adopt: ({ vault, name }, { current, unissued, deleted }, { owner }) =>
      deleted
        ? keyVault.recoverCertificate(vault, name)
        : keyVault.tagCertificate(vault, name, { ...(current ?? unissued)?.tags, ...vaultTags(owner) }),

    remarks: publicAuthority,

    diff: unlikeWanted,

    async reconcile(spec, live, run) {
      const { vault, name } = spec
      const tags = { ...live?.current?.tags, ...vaultTags(run.owner) }
      if (live?.deleted) return keyVault.recoverCertificate(vault, name)
      if (live?.current && !isOurs({ marks: marksInVaultTags(live.current.tags) }, run.owner))
        return keyVault.tagCertificate(vault, name, tags)
      if (live?.current?.renewsItself) return keyVault.stopRenewal(vault, name)
      if (spec.issuer !== 'hma' && !spec.pfx) return keyVault.createCertificate(vault, name, policyOf(spec), tags)
      const chain = await trusted(spec, run)
      if (!spec.pfx) return keyVault.mergeCertificate(vault, name, chain, tags)
      const [certificate = ''] = chain
      if (live?.issuing) await keyVault.deleteOperation(vault, name)
      if (live?.current?.enabled && live.current.exportable && live.current.certificate === certificate) return
      await keyVault.importCertificate(vault, name, { pfx: spec.pfx, keySize: keySizeOf(certificate) }, tags)
    },

    remove: ({ vault, name }) => keyVault.deleteCertificate(vault, name),
  }

  /** The certificate that HMA-App trusts, leaf first, once seen often enough. */
  async function trusted(spec: Spec, run: Run): Promise<readonly string[]> {
    const { registration } = spec
    const application = registration && (await reads.application(registration, run))
    const credentials = trustedIn(application, spec, run.now)
    const chain = chainOf(
      spec,
      credentials.map(({ certificate }) => certificate),
    )
    const leaf = credentials.find(({ certificate }) => thumbprint(certificate) === thumbprint(chain[0] ?? ''))
    const times = registration ? reads.shown(registration, leaf?.keyId) : 0
    if (times >= confirmations) return chain
    throw new HmaError('HMA506', `waiting for HMA-App to show the certificate (${times} of ${confirmations} checks)`, {
      retryable: true,
    })
  }
}

/** With a file no request is needed: one that is waiting belongs to an earlier configuration. */
function progress(operation: CertificateOperation | undefined, issuer = 'Unknown'): Issuance {
  const by = orderedBy(operation, issuer)
  if (by !== undefined) return { orderedBy: by }
  if (operation?.status === 'inProgress') return { issuing: true }
  return operation?.status === 'failed' ? { failed: operation.error ?? 'the issuer refused' } : {}
}

type Issuance = Pick<Live, 'issuing' | 'failed' | 'orderedBy'>

function policyOf({ issuer, subject, keySize, validityMonths }: Spec): CertificatePolicy {
  if (issuer === undefined || subject === undefined || keySize === undefined || validityMonths === undefined)
    throw new HmaError('HMA902', 'The certificate has neither a file nor an issuer to come from')
  return { issuer, subject, keySize, validityMonths }
}

/** The certificates that HMA-App trusts now, as base64 of the DER. */
function trustedIn(application: Application | undefined, { key, signed }: Spec, now: Date) {
  const known = [key?.certificate, signed?.chain[0]].flatMap((one) => one ?? [])
  return (application?.keyCredentials ?? []).flatMap((entry) => {
    const certificate = certificateOf(entry, known)
    return certificate !== undefined && Date.parse(entry.end) > now.getTime() ? [{ keyId: entry.keyId, certificate }] : []
  })
}

const unseen = (): HmaError =>
  new HmaError('HMA506', 'HMA-App does not show the certificate of the new key yet', { retryable: true })

/** The signed certificate is found where it had to go first: among HMA-App's credentials. A CA's file also has its issuers. */
function chainOf({ key, signed }: Spec, trusted: readonly string[]): readonly string[] {
  const is = (one: string, other: string | undefined): boolean => other !== undefined && thumbprint(one) === thumbprint(other)
  const fits = (one: string): boolean =>
    key?.certificate === undefined ? publicKeyOfCertificate(one) === key?.publicKey : is(one, key.certificate)
  const fitting = trusted.filter(fits)
  const [first] = fitting
  if (first === undefined) throw unseen()
  const [leaf] = signed?.chain ?? []
  return signed && fitting.some((one) => is(one, leaf)) ? signed.chain : [first]
}
