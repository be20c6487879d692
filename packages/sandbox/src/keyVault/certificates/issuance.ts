import type { Azure } from '../../azure.ts'
import { same } from '../../resourceManager/json.ts'
import { sweep } from '../erasable.ts'
import { keyFor } from '../keys/keyPairs.ts'
import { rotateDue } from '../keys/rotationPolicy.ts'
import { secondsOf } from '../requestContext.ts'
import type { Certificate, Operation, Policy, Tags, Vault } from '../state.ts'
import { renewalTime } from './lifetimeActions.ts'
import { isPending, newId, newVersion } from './versions.ts'
import { issue, signingRequest, validity } from './x509.ts'

/** How long an automatic issuer takes. */
const issuingMilliseconds = 1000

const keyOf = async (azure: Azure, policy: Policy, former: string | undefined): Promise<string> =>
  policy.key_props.reuse_key && former !== undefined ? former : keyFor(azure, policy.key_props)

export interface NewVersion {
  readonly now: Date
  readonly tags: Tags | undefined
  readonly enabled: boolean
}

/** A key pair and its signing request: the operation that a new version begins with. */
export async function begin(azure: Azure, certificate: Certificate, { now, tags, enabled }: NewVersion): Promise<Operation> {
  const { policy } = certificate
  const privateKey = await keyOf(azure, policy, certificate.versions.at(-1)?.privateKey)
  const { notBefore, notAfter } = validity(now, policy.x509_props.validity_months)
  const at = secondsOf(now)
  const waits = same(policy.issuer.name, 'Unknown')
  return {
    requestId: newId(),
    version: newId(),
    status: 'inProgress',
    issuer: policy.issuer,
    cancellationRequested: false,
    csr: await signingRequest(policy.x509_props, privateKey),
    privateKey,
    policy,
    attributes: { enabled, nbf: secondsOf(notBefore), exp: secondsOf(notAfter), created: at, updated: at },
    ...(tags && { tags }),
    readyAt: waits ? null : now.getTime() + issuingMilliseconds,
  }
}

/** The chain goes with the operation's key into a new version, which is current at once. */
export function complete(
  certificate: Certificate,
  operation: Operation,
  chain: readonly string[],
  now: Date,
  tags: Tags | undefined,
): void {
  const { privateKey, policy, attributes } = operation
  certificate.versions.push(newVersion({ chain, privateKey, policy, tags, enabled: attributes.enabled, now }))
  operation.status = 'completed'
  operation.privateKey = ''
}

/** Catches up with what was due since the vault's last request: purges, certificates issued, certificates renewed. */
export async function catchUp(azure: Azure, vault: Vault): Promise<void> {
  const now = azure.now()
  sweep(vault.certificates, now)
  sweep(vault.secrets, now)
  sweep(vault.keys ?? {}, now)
  await rotateDue(azure, vault)
  for (const certificate of Object.values(vault.certificates)) {
    if (certificate.deleted) continue
    await finish(vault, certificate, now)
    await renew(azure, certificate, now)
  }
}

async function finish(vault: Vault, certificate: Certificate, now: Date): Promise<void> {
  const { operation } = certificate
  if (!isPending(operation)) return
  if (operation.cancellationRequested) operation.status = 'cancelled'
  else if (operation.readyAt !== null && operation.readyAt <= now.getTime()) {
    const at = new Date(operation.readyAt)
    const provider = vault.issuers[operation.issuer.name.toLowerCase()]?.provider
    const issuer = provider === undefined ? undefined : `${provider} in the sandbox`
    const leaf = await issue(operation.policy.x509_props, operation.privateKey, at, issuer)
    complete(certificate, operation, [leaf], at, operation.tags)
  }
}

async function renew(azure: Azure, certificate: Certificate, now: Date): Promise<void> {
  if (isPending(certificate.operation)) return
  for (;;) {
    const last = certificate.versions.at(-1)
    const due = last && renewalTime(certificate.policy, last.attributes)
    if (due === undefined || due * 1000 > now.getTime()) return
    const at = new Date(due * 1000)
    const operation = await begin(azure, certificate, { now: at, tags: last?.tags, enabled: true })
    const leaf = await issue(certificate.policy.x509_props, operation.privateKey, at)
    complete(certificate, operation, [leaf], at, operation.tags)
    certificate.operation = operation
  }
}
