import type { KeyVault, UnissuedCertificate, VaultCertificate } from '../../azure/keyVault/port.ts'
import { publicKeyOfCertificate, readRequest, type SigningRequest, sameName } from '../../certificates/x509.ts'
import type { Difference, Kind } from '../../core/kind.ts'
import { isOurs, type Mark } from '../../core/ownership.ts'
import { marksInVaultTags, vaultTags } from '../mark.ts'
import type { SharedReads } from '../sharedReads.ts'
import { type CertificateKey, ordered, orderedBy, renewalDue, type Wanted } from './renewal.ts'

export type Spec = Wanted & { readonly vault: string; readonly name: string }

export type Live = {
  readonly vault: string
  readonly name: string
  readonly marks: readonly Mark[]
  readonly current?: VaultCertificate
  /** The key pair that waits in the vault for its certificate. */
  readonly pending?: SigningRequest
  /** The certificate has no version: its first request was cancelled or deleted. */
  readonly unissued?: UnissuedCertificate
  /** The key that HMA-App must trust before anything else happens: the pending or the current one. */
  readonly key?: CertificateKey
  /** The issuer from which someone else ordered a certificate under this name. */
  readonly orderedBy?: string
  readonly deleted?: true
}

/**
 * The key pair of the next certificate, created in the vault, which it never leaves.
 *
 * A new version of a certificate is current at once, and Dynamics reads it by name. So the key is created first and
 * waits (issuer `Unknown`) until HMA-App trusts it; only then `certificate` makes it the current version.
 */
export const certificateRequest = (keyVault: KeyVault, reads: SharedReads): Kind<Spec, Live, 'vault' | 'name'> => ({
  identity: ['vault', 'name'],

  async read({ vault, name }, run) {
    const { current, unissued, tags, operation, deleted } = await reads.certificate(vault, name, run)
    if (deleted) return { vault, name, deleted: true, marks: marksInVaultTags(deleted.tags) }
    const open = operation?.status === 'inProgress' && operation.issuer === 'Unknown' ? operation : undefined
    if (open) {
      const pending = await readRequest(open.csr)
      const key = { publicKey: pending.publicKey, csr: open.csr }
      return { vault, name, pending, key, marks: marksInVaultTags(current ? tags : open.tags), ...(current && { current }) }
    }
    const by = orderedBy(operation, 'Unknown')
    if (!current && by !== undefined) return { vault, name, orderedBy: by, marks: [{ deployment: run.owner }] }
    if (!current) return unissued && { vault, name, unissued, marks: marksInVaultTags(tags) }
    const { certificate, updated: since } = current
    const key = { publicKey: publicKeyOfCertificate(certificate), certificate, since }
    return { vault, name, current, key, ...(by !== undefined && { orderedBy: by }), marks: marksInVaultTags(tags) }
  },

  marks: ({ marks }) => ({ marks, setting: 'certificate.name' }),

  adopt: ({ vault, name }, { current, unissued, deleted }, { owner }) =>
    deleted
      ? keyVault.recoverCertificate(vault, name)
      : keyVault.tagCertificate(vault, name, { ...(current ?? unissued)?.tags, ...vaultTags(owner) }),

  diff: (spec, live, now) => {
    if (live.deleted) return [{ field: 'state', from: 'deleted', to: 'active', why: 'recovered from soft delete, not created' }]
    if (live.orderedBy !== undefined) return [ordered(live.orderedBy, live)]
    if (live.pending) return requestDifferences(spec, live.pending)
    if (live.unissued) return [{ field: 'version', why: 'its request was cancelled or deleted before it was signed' }]
    return live.current ? renewalDue(spec, live.current, now) : []
  },

  async reconcile({ vault, name, subject, keySize, validityMonths }, live, { owner }) {
    const tags = { ...live?.current?.tags, ...vaultTags(owner) }
    if (live?.deleted) return keyVault.recoverCertificate(vault, name)
    if (live?.current && !isOurs(live, owner)) return keyVault.tagCertificate(vault, name, tags)
    if (live?.pending) await keyVault.deleteOperation(vault, name)
    await keyVault.createCertificate(vault, name, { issuer: 'Unknown', subject, keySize, validityMonths }, tags)
  },

  // A certificate that someone else ordered is theirs.
  removable: ({ orderedBy, current }) => orderedBy === undefined || current !== undefined,

  async remove({ vault, name, pending, current }) {
    if (pending) await keyVault.deleteOperation(vault, name)
    // Without its request, a certificate that never had a version remains, disabled, and occupies the name.
    if (!current) await keyVault.deleteCertificate(vault, name)
  },
})

/** A waiting request that no longer matches the configuration is made again. */
const requestDifferences = ({ subject, keySize }: Partial<Wanted>, pending: SigningRequest): Difference[] => [
  ...(subject === undefined || sameName(pending.subject, subject)
    ? []
    : [{ field: 'subject', from: pending.subject, to: subject }]),
  ...(keySize === undefined || pending.keySize === keySize ? [] : [{ field: 'keySize', from: pending.keySize, to: keySize }]),
]
