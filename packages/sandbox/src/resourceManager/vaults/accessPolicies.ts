import { listAt, objectAt } from '../json.ts'
import { refuse } from '../refusal.ts'
import { bodyOf, type RequestContext, requireAction } from '../requestContext.ts'
import { touch } from './changes.ts'
import { merged, type PolicyOperation, readEntries } from './policyEntries.ts'
import { vaultAt, vaultId } from './vaults.ts'
import { entryView } from './view.ts'
import { placeOf, scopeAt } from './writes.ts'

const operations: readonly string[] = ['add', 'replace', 'remove'] satisfies PolicyOperation[]
const isOperation = (text: string): text is PolicyOperation => operations.includes(text)

/** `accessPolicies/add`, `replace` and `remove`: they touch the principals that the body names, and no others. */
export async function putAccessPolicies(asked: RequestContext): Promise<Response> {
  const place = placeOf(asked)
  const { azure } = asked.var
  const operation = (asked.req.param('operation') ?? '').toLowerCase()
  const body = await bodyOf(asked)
  requireAction(asked, 'Microsoft.KeyVault/vaults/accessPolicies/write', scopeAt(place))
  if (!isOperation(operation)) throw refuse(400, 'BadRequest', `There is no operation '${operation}' on access policies.`)
  const vault = vaultAt(azure.world, place)
  if (!vault) {
    throw refuse(
      404,
      'ParentResourceNotFound',
      `Failed to perform 'write' on resource(s) of type 'vaults/accessPolicies', because the parent resource '${scopeAt(place)}' could not be found.`,
    )
  }
  const list = listAt(objectAt(body, 'properties'), 'accessPolicies')
  if (!list) throw refuse(400, 'BadRequest', "The parameter 'accessPolicies' is not specified.")
  const given = readEntries(list, vault.properties.tenantId)
  const before = vault.properties.accessPolicies
  vault.properties.accessPolicies = merged(before, given, operation, azure.settings)
  touch(asked, vault)
  const { accessPolicies } = vault.properties
  const view = {
    id: `${vaultId(vault)}/accessPolicies/`,
    type: 'Microsoft.KeyVault/vaults/accessPolicies',
    properties: { accessPolicies: accessPolicies.map(entryView) },
  }
  return asked.json(view, accessPolicies.length > before.length ? 201 : 200)
}
