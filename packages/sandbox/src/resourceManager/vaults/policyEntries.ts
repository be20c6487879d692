import type { Settings } from '../../azure.ts'
import { isGuid, isObject, isText, type JsonObject, objectAt, same, textAt } from '../json.ts'
import { refuse } from '../refusal.ts'
import type { AccessPolicyEntry, Permissions } from '../state.ts'

const backup = ['backup', 'restore', 'recover', 'purge']
const known: Record<keyof Permissions, readonly string[]> = {
  keys: [
    ...['all', 'encrypt', 'decrypt', 'wrapkey', 'unwrapkey', 'sign', 'verify', 'get', 'list', 'create', 'update', 'import'],
    ...['delete', 'release', 'rotate', 'getrotationpolicy', 'setrotationpolicy', ...backup],
  ],
  secrets: ['all', 'get', 'list', 'set', 'delete', ...backup],
  certificates: [
    ...['all', 'get', 'list', 'delete', 'create', 'import', 'update', 'managecontacts', 'getissuers', 'listissuers'],
    ...['setissuers', 'deleteissuers', 'manageissuers', ...backup],
  ],
  storage: [
    ...['all', 'get', 'list', 'delete', 'set', 'update', 'regeneratekey', 'setsas', 'listsas', 'getsas', 'deletesas', ...backup],
  ],
}

const categories = ['keys', 'secrets', 'certificates', 'storage'] as const

/** Entries of a request, if they are well-formed and of the vault's tenant. */
export function readEntries(list: readonly unknown[], tenantId: string): AccessPolicyEntry[] {
  if (list.length > 1024) throw invalid('accessPolicies', 'A vault has at most 1024 access policies.')
  return list.map((item) => {
    if (!isObject(item)) throw invalid('accessPolicies', 'Every entry has to be an object.')
    const [tenant, objectId, applicationId] = [textAt(item, 'tenantId'), textAt(item, 'objectId'), textAt(item, 'applicationId')]
    if (!tenant || !same(tenant, tenantId)) throw invalid('accessPolicies', 'Every entry needs the tenantId of the vault.')
    if (!objectId || !isGuid(objectId)) throw invalid('objectId', 'It has to be the GUID of an object of the directory.')
    const permissions = readPermissions(objectAt(item, 'permissions'))
    return { tenantId: tenant, objectId, ...(applicationId && { applicationId }), permissions }
  })
}

function readPermissions(from: JsonObject): Permissions {
  const permissions: Permissions = { keys: [], secrets: [], certificates: [], storage: [] }
  for (const category of categories) {
    const given = from[category] ?? []
    if (!Array.isArray(given)) throw invalid(category, 'The permissions have to be a list.')
    for (const permission of given) {
      if (!isText(permission) || !known[category].includes(permission.toLowerCase())) {
        throw invalid(category, `There is no permission ${JSON.stringify(permission)}.`)
      }
      permissions[category].push(permission)
    }
  }
  return permissions
}

const invalid = (field: string, why: string) => refuse(400, 'BadRequest', `An invalid value was provided for '${field}'. ${why}`)

const sameEntry = (left: AccessPolicyEntry, right: AccessPolicyEntry): boolean =>
  same(left.tenantId, right.tenantId) &&
  same(left.objectId, right.objectId) &&
  same(left.applicationId ?? '', right.applicationId ?? '')

type Join = (present: AccessPolicyEntry, given: AccessPolicyEntry) => AccessPolicyEntry | undefined

const joinWith = (how: (present: string[], given: string[]) => string[]): Join => {
  return (present, given) => {
    const permissions = { ...present.permissions }
    for (const category of categories) permissions[category] = how(permissions[category], given.permissions[category])
    return categories.some((category) => permissions[category].length > 0) ? { ...present, permissions } : undefined
  }
}

const union = joinWith((present, given) => [...present, ...given.filter((one) => !present.some((other) => same(one, other)))])
const subtract = joinWith((present, given) => present.filter((one) => !given.includes(one)))
const subtractInAnyCase = joinWith((present, given) => present.filter((one) => !given.some((other) => same(one, other))))
const overwrite: Join = (_present, given) => given

export type PolicyOperation = 'add' | 'replace' | 'remove'

/** The entries of a vault after `accessPolicies/add`, `replace` or `remove`: each touches only the principals that it names. */
export function merged(
  present: readonly AccessPolicyEntry[],
  given: readonly AccessPolicyEntry[],
  operation: PolicyOperation,
  { accessPoliciesAdd, removedPermissions }: Pick<Settings, 'accessPoliciesAdd' | 'removedPermissions'>,
): AccessPolicyEntry[] {
  const add = accessPoliciesAdd === 'union' ? union : overwrite
  const remove = removedPermissions === 'anyCase' ? subtractInAnyCase : subtract
  const join = { add, replace: overwrite, remove }[operation]
  let entries = [...present]
  for (const entry of given) {
    const at = entries.findIndex((one) => sameEntry(one, entry))
    const there = entries[at]
    const next = there ? join(there, entry) : operation === 'remove' ? undefined : entry
    if (there) entries = entries.flatMap((one, index) => (index === at ? (next ? [next] : []) : [one]))
    else if (next) entries.push(next)
  }
  return entries
}
