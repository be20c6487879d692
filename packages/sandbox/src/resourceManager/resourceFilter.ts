import { same } from './json.ts'
import { refuse } from './refusal.ts'
import { queryOf, type RequestContext } from './requestContext.ts'
import type { VaultResource } from './state.ts'
import { resourceView } from './vaults/view.ts'

type Property = (vault: VaultResource) => string | undefined

const properties: Readonly<Record<string, Property>> = {
  resourcetype: () => 'Microsoft.KeyVault/vaults',
  name: ({ name }) => name,
  resourcegroup: ({ resourceGroup }) => resourceGroup,
  location: ({ location }) => location,
}

const clause = /^(\w+)\s+(eq|ne)\s+'([^']*)'$/i

/** `$filter` of a list of resources: https://learn.microsoft.com/rest/api/resources/resources/list#uri-parameters */
export function resourceFilter(asked: RequestContext): (vault: VaultResource) => boolean {
  const text = queryOf(asked).get('$filter')?.trim() ?? ''
  const clauses = text === '' ? [] : text.split(/\s+and\s+/i).map((one) => clause.exec(one.trim()) ?? refused(text))
  const tag = clauses.find(([, name = '']) => same(name, 'tagName'))?.[3]
  const tests = clauses.map(([, name = '', operator = '', value = '']) => test(text, { name, operator, value, tag }))
  return (vault) => tests.every((one) => one(vault))
}

interface Clause {
  readonly name: string
  readonly operator: string
  readonly value: string
  /** The tag that a `tagValue` belongs to. */
  readonly tag: string | undefined
}

function test(text: string, { name, operator, value, tag }: Clause): (vault: VaultResource) => boolean {
  const wanted = same(operator, 'eq')
  const tagNamed = ({ tags }: VaultResource, sought: string) => Object.entries(tags).find(([one]) => same(one, sought))
  if (same(name, 'tagName')) return (vault) => (tagNamed(vault, value) !== undefined) === wanted
  if (same(name, 'tagValue') && tag !== undefined) return (vault) => (tagNamed(vault, tag)?.[1] === value) === wanted
  const property = properties[name.toLowerCase()] ?? refused(text)
  return (vault) => same(property(vault) ?? '', value) === wanted
}

function refused(text: string): never {
  throw refuse(400, 'InvalidFilterInQueryString', `Invalid $filter '${text}' specified in the query string.`)
}

/** A vault in a list of resources, with the times and the state where `$expand` asks for them. */
export function shownResource(asked: RequestContext): (vault: VaultResource) => object {
  const wanted = (queryOf(asked).get('$expand') ?? '').split(',').map((name) => name.trim())
  return (vault) => ({
    ...resourceView(vault),
    ...(wanted.includes('createdTime') && { createdTime: vault.createdAt }),
    ...(wanted.includes('changedTime') && { changedTime: vault.modifiedAt }),
    ...(wanted.includes('provisioningState') && { provisioningState: 'Succeeded' }),
  })
}
