import type { CertificateStatus, SecretStatus, Status, TrustedStatus } from './model.ts'

/** One line of the table: something that ends. */
export interface Row {
  readonly what: string
  readonly id: string
  readonly expires: string
  readonly days: number
  readonly outlook: 'fine' | 'soon' | 'expired'
  readonly state: string
  /** It is what sign-in works with now. */
  readonly used: boolean
  readonly broken: boolean
  readonly remarks: readonly string[]
}

/** The certificate that is served, those that are trusted, and the secrets. */
export const rowsOf = ({ certificate, trusted, secrets }: Status): readonly Row[] => [
  ...(certificate ? [certificateRow(certificate)] : []),
  ...trusted.map(trustedRow),
  ...secrets.map(secretRow),
]

export const date = (instant: string): string => instant.slice(0, 10)
export const short = (id: string): string => id.slice(0, 8)

function certificateRow(one: CertificateStatus): Row {
  const { name, version, renewal, renewedBy, pending } = one
  const due = {
    hma: `renewal due on ${date(renewal)}`,
    'your CA': `your CA has to sign a new one from ${date(renewal)} on`,
    'a new file': `a new file is needed from ${date(renewal)} on`,
  }[renewedBy]
  const waiting = renewedBy === 'your CA' ? 'a request waits for your CA: hma csr' : 'a new one is being made: hma apply goes on'
  return {
    ...one,
    what: 'certificate',
    id: short(one.thumbprint),
    used: true,
    broken: one.state === 'not trusted' || one.state === 'disabled',
    state: one.state === 'not trusted' ? 'not trusted!' : one.state,
    remarks: [`${name}${version === null ? '' : `, version ${short(version)}`}`, pending ? waiting : due],
  }
}

function trustedRow(one: TrustedStatus): Row {
  const former = one.until === null ? 'former, until its successor is current' : `former, until ${date(one.until)}`
  return {
    ...one,
    what: 'trusted by HMA-App',
    id: short(one.thumbprint),
    used: one.state === 'current',
    broken: false,
    state: one.state === 'former' ? former : one.state,
    remarks: one.ours ? [] : ['not of hma: stays'],
  }
}

function secretRow(one: SecretStatus): Row {
  const holders = one.heldBy.length === 2 ? 'Dynamics and vault' : one.heldBy[0] === 'vault' ? 'the vault' : 'Dynamics'
  const state = {
    held: `held by ${holders}`,
    former: one.until === null ? 'former' : `former, until ${date(one.until)}`,
    undelivered: 'never delivered: hma apply removes it',
    unclaimed: 'held by nobody that hma knows',
    unknown: 'valid',
  }[one.state]
  return {
    ...one,
    what: 'secret of KV-App',
    id: short(one.keyId),
    used: one.heldBy.length > 0,
    broken: false,
    state: one.outlook === 'expired' && one.state !== 'held' ? 'expired' : state,
    remarks: one.renewal === null ? [] : [`renewal due on ${date(one.renewal)}`],
  }
}
