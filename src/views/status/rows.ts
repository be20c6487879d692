import type { CertificateStatus, OtherStatus, SecretStatus, Status, TrustedStatus } from './model.ts'

/** One row of the table: something that expires. */
export interface Row {
  readonly what: string
  readonly id: string
  readonly expires: string
  readonly days: number
  readonly outlook: 'fine' | 'soon' | 'expired'
  readonly state: string
  /** Sign-in uses it now. */
  readonly used: boolean
  readonly broken: boolean
  readonly remarks: readonly string[]
}

/** The served certificate, the trusted ones, the secrets, and other credentials of the registrations. */
export function expiryRows({ at, certificate, trusted, secrets, others = [] }: Status): readonly Row[] {
  const isTrusted = (keyId: string): boolean => trusted.some((one) => one.keyId === keyId)
  const labels = (label: string): readonly Row[] =>
    others.filter((one) => labelOf(one) === label && !isTrusted(one.keyId)).map(otherRow)
  return [
    ...(certificate ? [certificateRow(certificate, at)] : []),
    ...trusted.map((one) => trustedRow(one, others)),
    ...labels('trusted by HMA-App'),
    ...secrets.map((one) => secretRow(one, at)),
    ...['secret of KV-App', 'KV-App certificate', 'secret of HMA-App'].flatMap(labels),
  ]
}

const labelOf = ({ registration, type }: OtherStatus): string => {
  if (registration === 'keyVaultApp') return type === 'secret' ? 'secret of KV-App' : 'KV-App certificate'
  return type === 'secret' ? 'secret of HMA-App' : 'trusted by HMA-App'
}

/** The full key id, since the commands that remove it need it. */
const about = ({ name, keyId }: Pick<OtherStatus, 'name' | 'keyId'>): string =>
  [...(name ? [name] : []), `key id ${keyId}`].join(', ')

const stays = 'not managed by hma: stays'

const otherRow = (one: OtherStatus): Row => ({
  ...one,
  what: labelOf(one),
  id: short(one.keyId),
  used: false,
  broken: false,
  state: one.outlook === 'expired' ? `expired, ${stays}` : stays,
  remarks: [about(one)],
})

export const date = (instant: string): string => instant.slice(0, 10)
export const short = (id: string): string => id.slice(0, 8)

/** The day, and why it is earlier than renewBeforeDays says. */
function due(renewal: string, now: string, earlier = 0): string {
  const why = earlier > 0 ? ` (${earlier === 1 ? '1 day' : `${earlier} days`} early, to spread renewals)` : ''
  return `renewal ${renewal < now ? 'was due' : 'due'} on ${date(renewal)}${why}`
}

function certificateRow(one: CertificateStatus, now: string): Row {
  const { name, version, renewal, renewEarlierDays, renewedBy, pending } = one
  const next = {
    hma: due(renewal, now, renewEarlierDays),
    'your CA': `your CA must sign a new one from ${date(renewal)} on`,
    'a new file': `a new file is needed from ${date(renewal)} on`,
  }[renewedBy]
  const waiting =
    renewedBy === 'your CA' ? 'a request is waiting for your CA: hma csr' : 'a new one is in progress: hma apply continues'
  return {
    ...one,
    what: 'certificate',
    id: short(one.thumbprint),
    used: true,
    broken: one.state === 'not trusted' || one.state === 'disabled',
    state: one.state === 'not trusted' ? 'not trusted!' : one.state,
    remarks: [`${name}${version === null ? '' : `, version ${short(version)}`}`, pending ? waiting : next],
  }
}

function trustedRow(one: TrustedStatus, others: readonly OtherStatus[]): Row {
  const other = others.find(({ keyId }) => keyId === one.keyId)
  const former = one.until === null ? 'former, until the new one is current' : `former, until ${date(one.until)}`
  return {
    ...one,
    what: 'trusted by HMA-App',
    id: short(one.thumbprint),
    used: one.state === 'current',
    broken: false,
    state: one.state === 'former' ? former : one.state,
    remarks: one.ours ? [] : [stays, ...(other ? [about(other)] : [])],
  }
}

function secretRow(one: SecretStatus, now: string): Row {
  const holders = one.heldBy.length === 2 ? 'Dynamics and vault' : one.heldBy[0] === 'vault' ? 'the vault' : 'Dynamics'
  const state = {
    held: `held by ${holders}`,
    former: one.until === null ? 'former' : `former, until ${date(one.until)}`,
    undelivered: 'never delivered: hma apply removes it',
    unclaimed: 'no known use',
    unknown: 'valid',
  }[one.state]
  return {
    ...one,
    what: 'secret of KV-App',
    id: short(one.keyId),
    used: one.heldBy.length > 0,
    broken: false,
    state: one.outlook === 'expired' && one.state !== 'held' ? 'expired' : state,
    remarks: one.renewal === null ? [] : [due(one.renewal, now, one.renewEarlierDays)],
  }
}
