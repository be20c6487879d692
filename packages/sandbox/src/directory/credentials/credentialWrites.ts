import type { RequestContext } from '../gate.ts'
import { isApplication } from '../objects/find.ts'
import { checkFits } from '../objects/limits.ts'
import { Refusal } from '../refusal.ts'
import { put } from '../replicas.ts'
import type { Application, ServicePrincipal, Tenant } from '../state.ts'

export type Holder = Application | ServicePrincipal

/** The last write of an object's credentials, and what they were before it. */
interface Write {
  readonly at: number
  readonly of: 'passwords' | 'keys'
  readonly before: Holder
}

/** Kept in memory alone: it matters for seconds. */
const writes = new WeakMap<Tenant, Map<string, Write>>()

/**
 * The object on which a write of its credentials is based. One that comes soon after another may be refused, or, where it adds a
 * secret, be based on what was before a write of the certificates, which is then lost:
 * https://github.com/Azure/azure-cli/issues/32467, https://learn.microsoft.com/graph/errors
 */
export function baseOf<Kind extends Holder>(asked: RequestContext, object: Kind, of: Write['of']): Kind {
  const { azure, tenant } = asked.var
  const { credentialPause = 0, lostUpdate = 0 } = azure.settings
  const at = azure.now().getTime()
  const known = writes.get(tenant) ?? new Map<string, Write>()
  writes.set(tenant, known)
  const last = known.get(object.id)
  if (last !== undefined && at < last.at + credentialPause) {
    azure.met?.('concurrent credential write')
    throw concurrent(azure.random() < 0.5 ? 409 : 503)
  }
  known.set(object.id, { at, of, before: object })
  const stale = of === 'passwords' && last?.of === 'keys' && at < last.at + lostUpdate && azure.random() < 0.5
  if (!stale) return object
  azure.met?.('lost update')
  return { ...object, keyCredentials: last.before.keyCredentials }
}

const concurrent = (status: 409 | 503): Refusal =>
  new Refusal(
    status,
    'Directory_ConcurrencyViolation',
    'Error due to concurrent requests being made to the tenant. Please wait briefly and retry.',
  )

/** Replaces an object by one with other credentials. */
export function putHolder({ var: { azure, tenant } }: RequestContext, object: Holder): void {
  if (isApplication(object)) {
    checkFits(tenant, object)
    put(azure, tenant, 'applications', object)
  } else put(azure, tenant, 'servicePrincipals', object)
}
