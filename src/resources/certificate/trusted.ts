import type { Application, Directory, KeyCredential, KeyId, NewKey } from '../../azure/directory/port.ts'
import { publicKeyOfCertificate, signedHere, thumbprint } from '../../certificates/x509.ts'
import type { Run } from '../../core/kind.ts'
import { isOurs, type Mark } from '../../core/ownership.ts'
import { guarded } from '../../core/replacement.ts'
import { hasBegun } from '../../core/time.ts'
import { marksInName } from '../mark.ts'
import type { Registration } from '../registered.ts'

/** A certificate that HMA-App trusts. `publicKey` is unknown if the certificate is. */
export type TrustedEntry = {
  readonly keyId: KeyId
  readonly thumbprint: string
  readonly start: string
  readonly end: string
  readonly publicKey?: string
  readonly ours: boolean
}

/** The certificate of an entry. Directories need not show it, but its thumbprint, so it may be one of those that are known here. */
export const certificateOf = (entry: KeyCredential, known: readonly string[] = []): string | undefined =>
  entry.certificate ?? known.find((one) => thumbprint(one) === entry.thumbprint) ?? signedHere(entry.thumbprint)

/** The entries that the application can sign in with, whoever made them. */
export const trustedOf = (application: Application, store: string | undefined, owner: string): TrustedEntry[] =>
  application.keyCredentials.flatMap((entry) => {
    const { keyId, displayName, thumbprint, start, end, signsIn } = entry
    const certificate = certificateOf(entry)
    if (!signsIn || keyId === undefined || thumbprint === undefined || end === '') return []
    const ours = isOurs({ marks: marksInName(displayName), ...(store !== undefined && { stores: [store] }) }, owner)
    const publicKey = certificate === undefined ? {} : { publicKey: publicKeyOfCertificate(certificate) }
    return [{ keyId, thumbprint, start, end, ours, ...publicKey }]
  })

/** Is it valid now? */
export const isValid = ({ start, end }: Pick<KeyCredential, 'start' | 'end'>, now: Date): boolean =>
  Date.parse(end) > now.getTime() && hasBegun(start, now)

/** Credentials that a deployment of our name made for another store and that still work. */
export const madeElsewhere = (
  credentials: readonly Pick<KeyCredential, 'displayName' | 'end'>[],
  stores: readonly string[],
  { owner, now }: Run,
): Mark[] =>
  credentials
    .filter(({ end }) => Date.parse(end) > now.getTime())
    .flatMap(({ displayName }) => marksInName(displayName))
    .filter((mark) => mark.deployment === owner && !isOurs({ marks: [mark], stores }, owner))

interface Place {
  readonly directory: Directory
  readonly registration: Registration
  readonly objectId: string
}

interface KeyChange {
  /** What is removed: exactly what was found to be superseded. */
  readonly former: readonly TrustedEntry[]
  readonly added?: NewKey
  /** No working entry has to be left. */
  readonly ends?: true
}

/**
 * The list can only be replaced whole. It is read once more for that: what was added meanwhile is kept, and nothing is lost that a lagging
 * replica does not show. What another run has added since is not added again: Entra would keep both.
 */
export async function replaceKeys(
  { directory, registration, objectId }: Place,
  seen: Application,
  { former, added, ends }: KeyChange,
  { now }: Run,
): Promise<void> {
  const { tenantId, appId, uniqueName } = registration
  const again = await directory.application(tenantId, appId ? { appId } : { uniqueName })
  const gone = new Set(former.map(({ keyId }) => keyId))
  const mayGo = ({ keyId }: KeyCredential): boolean => keyId !== undefined && gone.has(keyId)
  const kept = (again?.keyCredentials ?? []).filter((one) => !mayGo(one))
  guarded({
    of: `the list of certificates of ${seen.displayName}`,
    seen: seen.keyCredentials.map(keyless),
    next: kept.map(keyless),
    mayGo,
    inUse: (one) => !ends && !added && one.signsIn && isValid(one, now),
    name: ({ displayName, keyId }) => `${displayName ?? 'an entry without a name'} (${keyId})`,
  })
  const news = added && !kept.some((one) => isValid(one, now) && isOf(one, added)) ? added : undefined
  if (added && !news && kept.length === again?.keyCredentials.length) return
  await directory.setKeys(tenantId, objectId, { kept, ...(news && { added: news }) })
}

/** An entry that cannot sign in (another type or usage) is no substitute for one that can. */
const isOf = (one: KeyCredential, { certificate }: NewKey): boolean => one.signsIn && one.thumbprint === thumbprint(certificate)

/** Not every answer shows the certificate itself. */
const keyless = ({ raw: { key: _key, ...raw }, ...rest }: KeyCredential): KeyCredential => ({
  ...rest,
  certificate: undefined,
  thumbprint: undefined,
  raw,
})
