import type { Configuration } from '../../config/schema.ts'
import { HmaError } from '../../core/errors.ts'
import type { Address, Values } from '../../core/kind.ts'
import type { ActualState } from '../../core/survey.ts'
import { hasBegun } from '../../core/time.ts'
import { blocksAt, textAt } from '../seen.ts'
import type { certificateStatus, trustedStatus } from './certificate.ts'
import type { dynamicsStatus, secretsStatus } from './secrets.ts'

/** What was read of a deployment, and why the rest was not. */
export interface Observed {
  readonly actual: ActualState
  readonly unseen: ReadonlyMap<Address, unknown>
}

/** Why a deployment needs attention. */
export interface Problem {
  readonly kind: 'unreadable' | 'missing' | 'broken' | 'expired' | 'expiring'
  readonly what: string
  readonly message: string
  readonly hint?: string
}

export type Parts = {
  readonly certificate: ReturnType<typeof certificateStatus>
  readonly trusted: ReturnType<typeof trustedStatus>
  readonly secrets: ReturnType<typeof secretsStatus>
  readonly dynamics: ReturnType<typeof dynamicsStatus>
}

const looked: Readonly<Record<string, string>> = {
  certificate: 'certificate in the vault',
  certificateCredential: 'certificates that HMA-App trusts',
  clientSecret: 'secrets of KV-App',
  emailServerProfile: 'profile in Dynamics',
  mailboxes: 'mailboxes in Dynamics',
}

/** What could not be read, with the missing right. A cause common to several parts is stated once. */
export function unreadable(at: (resource: string) => Address, { actual, unseen }: Observed): readonly Problem[] {
  const found = new Map<string, Problem>()
  for (const [resource, label] of Object.entries(looked)) {
    const error = unseen.get(at(resource))
    if (error === undefined) continue
    const what = actual.has(at(resource)) ? `holders of the ${label}` : label
    const message = error instanceof Error ? error.message : String(error)
    const hint = error instanceof HmaError && error.hint !== undefined ? { hint: error.hint } : {}
    const before = found.get(message)
    found.set(message, { kind: 'unreadable', what: before ? `${before.what}, ${what}` : what, message, ...hint })
  }
  return [...found.values()]
}

/** Secrets in use that Entra does not accept yet. */
export const early = (live: Values | undefined, held: Parts['secrets'], now: Date): readonly Problem[] =>
  blocksAt(live, 'ours').flatMap((one) => {
    const [keyId, start = ''] = [textAt(one, 'keyId'), textAt(one, 'start')]
    const isHeld = held.some((secret) => secret.keyId === keyId && secret.heldBy.length > 0)
    if (!isHeld || hasBegun(start, now)) return []
    const message = `it is valid from ${start} only, so sign-in fails`
    return [{ kind: 'broken' as const, what: 'secret of KV-App', message, hint: apply }]
  })

const apply = 'Run `hma apply`.'

/** What is missing or does not match, as far as it could be read. */
export function shortcomings(
  configuration: Configuration,
  parts: Parts,
  isUnseen: (resource: string) => boolean,
): readonly Problem[] {
  const { certificate, trusted, secrets, dynamics } = parts
  const unknown = Object.keys(looked).some(isUnseen)
  if (!unknown && !certificate && trusted.length === 0 && secrets.length === 0 && (dynamics?.profileId ?? null) === null)
    return [{ kind: 'missing', what: 'deployment', message: 'nothing is applied yet', hint: apply }]
  return [
    ...(isUnseen('certificate') ? [] : ofCertificate(configuration, certificate)),
    ...(isUnseen('clientSecret') ? [] : ofSecrets(configuration, parts)),
    ...(dynamics && dynamics.profileId === null && !isUnseen('emailServerProfile')
      ? [{ kind: 'missing' as const, what: 'profile in Dynamics', message: 'there is none', hint: apply }]
      : []),
  ]
}

function ofCertificate({ certificate: { name, source } }: Configuration, certificate: Parts['certificate']): Problem[] {
  const hint = source === 'csr' ? 'Run `hma apply`; if a request is pending, `hma csr` prints it for your CA.' : apply
  if (!certificate) return [{ kind: 'missing', what: `certificate ${name}`, message: 'the vault serves none', hint }]
  if (certificate.state === 'disabled') return [{ kind: 'broken', what: `certificate ${name}`, message: 'it is disabled', hint }]
  if (certificate.state !== 'not trusted') return []
  return [{ kind: 'broken', what: `certificate ${name}`, message: 'HMA-App does not trust it, so sign-in fails', hint }]
}

function ofSecrets({ dynamics: wanted }: Configuration, { secrets, dynamics }: Parts): Problem[] {
  const holder = wanted ? 'dynamics' : 'vault'
  if (secrets.some(({ heldBy }) => heldBy.includes(holder))) return []
  const what = 'secret of KV-App'
  if (dynamics?.secret)
    return [{ kind: 'broken', what, message: 'Dynamics holds one that KV-App no longer has, so sign-in fails', hint: apply }]
  return [{ kind: 'missing', what, message: `${wanted ? 'Dynamics' : 'the vault'} holds none that hma delivered`, hint: apply }]
}
