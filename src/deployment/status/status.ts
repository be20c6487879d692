import type { Configuration } from '../../config/schema.ts'
import type { Address, Node } from '../../core/kind.ts'
import { partAt } from '../seen.ts'
import { certificateStatus, trustedStatus } from './certificate.ts'
import { type Expiry, endsWithin, type Moment } from './expiry.ts'
import { mailboxesStatus } from './mailboxes.ts'
import { othersStatus } from './others.ts'
import { early, type Observed, type Parts, type Problem, shortcomings, unreadable } from './problems.ts'
import { dynamicsStatus, secretsStatus } from './secrets.ts'

/**
 * The status of a deployment (`hma status`): what is trusted, what expires when, what Dynamics holds. ISO instants, no secrets.
 * What could not be read is missing from the lists and named among the problems.
 */
export function status(configuration: Configuration, { actual, unseen }: Observed, moment: Moment) {
  const at = (resource: string): Address => `${configuration.name}/${resource}`
  const certificateSeen = {
    certificate: actual.get(at('certificate')),
    credential: actual.get(at('certificateCredential')) ?? (unseen.has(at('certificateCredential')) ? undefined : {}),
    pending: partAt(actual.get(at('certificateRequest')), 'pending') !== undefined,
  }
  const live = actual.get(at('clientSecret'))
  const parts = {
    certificate: certificateStatus(configuration, certificateSeen, moment),
    trusted: trustedStatus(configuration, certificateSeen, moment),
    secrets: secretsStatus(configuration, { live, holdersUnknown: unseen.has(at('clientSecret')) }, moment),
    dynamics: dynamicsStatus(configuration, {
      ...{ profile: actual.get(at('emailServerProfile')), live, unread: unseen.has(at('emailServerProfile')) },
    }),
    mailboxes: mailboxesStatus(actual.get(at('mailboxes'))),
    others: othersStatus({ keyVaultApp: actual.get(at('keyVaultApp')), hmaApp: actual.get(at('hmaApp')) }, moment),
  }
  const used = inUse(parts)
  const problems = [
    ...unreadable(at, { actual, unseen }),
    ...shortcomings(configuration, parts, (resource) => unseen.has(at(resource))),
    ...early(live, parts.secrets, moment.now),
    ...used.flatMap((one) => ending(one, moment)),
  ]
  const [first] = [...used].sort((one, other) => one.expires.localeCompare(other.expires))
  return {
    ok: problems.length === 0,
    expires: first ? { what: first.what, at: first.expires, days: first.days } : null,
    ...parts,
    problems,
  }
}

/**
 * Secrets are read together with their holders. If that fails, KV-App alone still shows when they expire.
 */
export const secretsAlone = (nodes: readonly Node[], address: Address): readonly Node[] =>
  nodes
    .filter((node) => node.address === address)
    .map(({ kind, spec }) => {
      const identity = Object.entries(spec).filter(([field]) => ['tenantId', 'uniqueName', 'appId'].includes(field))
      return { address, kind, spec: Object.fromEntries(identity) }
    })

interface Used extends Expiry {
  readonly what: string
  readonly renewal: string | null
}

/** What sign-in depends on now: when the first of these expires, mail stops. */
function inUse({ certificate, trusted, secrets }: Parts): readonly Used[] {
  const served = certificate ? [{ ...certificate, what: `certificate ${certificate.name}` }] : []
  const proof = trusted.find(({ thumbprint }) => thumbprint === certificate?.thumbprint)
  const credential =
    proof && proof.expires !== certificate?.expires
      ? [{ ...proof, what: 'trust of HMA-App in the certificate', renewal: null }]
      : []
  const held = secrets.filter(({ heldBy }) => heldBy.length > 0)
  return [...served, ...credential, ...held.map((one) => ({ ...one, what: `secret ${one.keyId.slice(0, 8)} of KV-App` }))]
}

function ending({ what, expires, days, outlook, renewal }: Used, moment: Moment): Problem[] {
  const hint =
    renewal !== null && Date.parse(renewal) <= moment.now.getTime()
      ? `Renewal was due on ${renewal.slice(0, 10)}. Run \`hma plan\`, and check why the scheduled \`hma apply\` did not renew it.`
      : 'Renew it now with `hma rotate`, or set a larger renewBeforeDays.'
  if (outlook === 'expired') return [{ kind: 'expired', what, message: `expired on ${expires.slice(0, 10)}`, hint }]
  return endsWithin(expires, moment) ? [{ kind: 'expiring', what, message: `expires in ${days} days`, hint }] : []
}
