import { booleanAt, isObject, type JsonObject, objectAt, textAt } from '../../resourceManager/json.ts'
import { badParameter } from '../errors.ts'
import type { KeyVersion, ReleasePolicy } from '../state.ts'

/**
 * To which environment the vault would release a key. The sandbox keeps the policy and releases nothing: it attests no environment.
 * https://learn.microsoft.com/rest/api/keyvault/keys/create-key/create-key#keyreleasepolicy
 */
function readReleasePolicy(body: JsonObject): ReleasePolicy | undefined {
  if (!isObject(body.release_policy)) return undefined
  const given = objectAt(body, 'release_policy')
  const data = textAt(given, 'data')
  if (data === undefined) throw badParameter("Property release_policy has invalid value: it needs 'data'.")
  return {
    contentType: textAt(given, 'contentType') ?? 'application/json; charset=utf-8',
    data,
    immutable: booleanAt(given, 'immutable') ?? false,
  }
}

/** What a new version says of its release; only an exportable key can have a policy, and its first version needs one. */
export function releaseOf(body: JsonObject, isFirst: boolean): Pick<KeyVersion, 'exportable' | 'releasePolicy'> {
  const exportable = booleanAt(objectAt(body, 'attributes'), 'exportable') ?? false
  const releasePolicy = readReleasePolicy(body)
  if (exportable && isFirst && !releasePolicy)
    throw badParameter('A release policy is needed to create the first version of an exportable key.')
  if (releasePolicy && !exportable) throw badParameter('Only an exportable key has a release policy.')
  return { ...(exportable && { exportable }), ...(releasePolicy && { releasePolicy }) }
}

/** Replaces a policy, unless it has been marked immutable. */
export function changeRelease(version: KeyVersion, body: JsonObject): void {
  const policy = readReleasePolicy(body)
  if (policy === undefined) return
  if (version.releasePolicy?.immutable && (policy.data !== version.releasePolicy.data || !policy.immutable))
    throw badParameter('The release policy is immutable and cannot be changed.')
  version.releasePolicy = policy
}
