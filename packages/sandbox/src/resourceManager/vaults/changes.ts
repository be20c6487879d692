import type { RequestContext } from '../requestContext.ts'
import type { VaultResource } from '../state.ts'
import { change, checkedRetention, type VaultBody } from './body.ts'

/** Changes a vault as a body says. */
export function write(asked: RequestContext, vault: VaultResource, body: VaultBody): void {
  checkedRetention(body.retention, vault.properties.softDeleteRetentionInDays)
  vault.properties = change(vault.properties, body)
  if (body.tags) vault.tags = body.tags
  touch(asked, vault)
}

/** Records the last writer, and when access to the data plane changes. */
export function touch(asked: RequestContext, vault: VaultResource): void {
  const { azure, caller } = asked.var
  const now = azure.now()
  vault.modifiedAt = now.toISOString()
  vault.modifiedBy = caller.appId
  const { accessPolicies, enableRbacAuthorization: rbac = false } = vault.properties
  const settled = vault.guards.findLastIndex(({ at }) => Date.parse(at) + azure.settings.propagation <= now.getTime())
  vault.guards = [...vault.guards.slice(Math.max(settled, 0)), { at: vault.modifiedAt, rbac, accessPolicies }]
}
