import type { Azure } from '../azure.ts'
import type { Tenant } from '../directory/state.ts'
import { SignInRefusal } from './refusal.ts'

/** Names that stand for any tenant: they have metadata, but issue no tokens to applications. */
export const multiTenantNames: readonly string[] = ['common', 'organizations', 'consumers']

/** The tenant of this id or verified domain; throws a `SignInRefusal`. */
export function knownTenant({ world }: Pick<Azure, 'world'>, name: string): Tenant {
  const { tenants } = world.directory
  const tenant = tenants[name] ?? Object.values(tenants).find(({ domain }) => domain === name)
  if (tenant !== undefined) return tenant
  if (multiTenantNames.includes(name)) {
    const message = 'No tenant-identifying information found in either the request or implied by any provided credentials.'
    throw new SignInRefusal(50059, 'invalid_request', message)
  }
  if (!/^[0-9a-f-]{36}$|\./.test(name)) {
    const message = `Specified tenant identifier '${name}' is neither a valid DNS name, nor a valid external domain.`
    throw new SignInRefusal(900023, 'invalid_request', message)
  }
  const advice =
    'Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.'
  throw new SignInRefusal(90002, 'invalid_request', `Tenant '${name}' not found. ${advice}`)
}
