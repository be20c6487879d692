import { booleanAt, isGuid, isObject, type JsonObject, listAt, numberAt, objectAt, same, textAt, textMapAt } from '../json.ts'
import { refuse } from '../refusal.ts'
import type { VaultResource } from '../state.ts'
import { readEntries } from './policyEntries.ts'

type Properties = VaultResource['properties']

/** What a PUT or PATCH of a vault sets; undefined fields are not named. */
export interface VaultBody {
  readonly location: string | undefined
  readonly tags: Record<string, string> | undefined
  readonly recover: boolean
  readonly tenantId: string | undefined
  readonly sku: string | undefined
  readonly accessPolicies: readonly unknown[] | undefined
  readonly softDelete: boolean | undefined
  readonly retention: number | undefined
  readonly purgeProtection: boolean | undefined
  /** Settings that are stored as given. */
  readonly plain: Partial<Properties>
}

/** The body of a PUT, which has properties; a PATCH brings those that it has, or none. */
export function readVaultBody(body: JsonObject, given?: JsonObject): VaultBody {
  const properties = given ?? body.properties
  if (!isObject(properties)) throw refuse(400, 'BadRequest', "The parameter 'properties' is not specified.")
  return {
    location: textAt(body, 'location')?.toLowerCase().replaceAll(' ', ''),
    tags: textMapAt(body, 'tags'),
    recover: textAt(properties, 'createMode')?.toLowerCase() === 'recover',
    tenantId: textAt(properties, 'tenantId'),
    sku: readSku(objectAt(properties, 'sku')),
    accessPolicies: listAt(properties, 'accessPolicies'),
    softDelete: booleanAt(properties, 'enableSoftDelete'),
    retention: numberAt(properties, 'softDeleteRetentionInDays'),
    purgeProtection: booleanAt(properties, 'enablePurgeProtection'),
    plain: readPlain(properties),
  }
}

function readSku(sku: JsonObject): string | undefined {
  const name = textAt(sku, 'name')?.toLowerCase()
  if ((textAt(sku, 'family') ?? 'A').toUpperCase() !== 'A') throw invalid('family')
  if (name === undefined || name === 'standard' || name === 'premium') return name
  throw refuse(400, 'SkuNotSupported', `The SKU '${name}' is not supported. Use 'standard' or 'premium'.`)
}

const flags = [
  'enableRbacAuthorization',
  'enabledForDeployment',
  'enabledForDiskEncryption',
  'enabledForTemplateDeployment',
] as const

function readPlain(properties: JsonObject): Partial<Properties> {
  const plain: Partial<Properties> = {}
  for (const name of flags) {
    const value = booleanAt(properties, name)
    if (value !== undefined) plain[name] = value
  }
  const access = textAt(properties, 'publicNetworkAccess')
  if (access !== undefined) plain.publicNetworkAccess = access
  if (isObject(properties.networkAcls)) plain.networkAcls = readNetworkRules(properties.networkAcls)
  else objectAt(properties, 'networkAcls')
  return plain
}

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/create-or-update#networkruleset */
function readNetworkRules(given: JsonObject): Record<string, unknown> {
  const choice = (name: string, ...allowed: string[]): Record<string, string> => {
    const value = textAt(given, name)
    if (value !== undefined && !allowed.some((one) => same(one, value))) throw invalid(name)
    return value === undefined ? {} : { [name]: value }
  }
  const rules = (name: string, read: (rule: JsonObject) => object): Record<string, unknown> => {
    const list = listAt(given, name)
    return list ? { [name]: list.filter(isObject).map(read) } : {}
  }
  return {
    ...choice('bypass', 'AzureServices', 'None'),
    ...choice('defaultAction', 'Allow', 'Deny'),
    ...rules('ipRules', (rule) => ({ value: textAt(rule, 'value') ?? '' })),
    ...rules('virtualNetworkRules', (rule) => ({
      id: textAt(rule, 'id') ?? '',
      ignoreMissingVnetServiceEndpoint: booleanAt(rule, 'ignoreMissingVnetServiceEndpoint') ?? false,
    })),
  }
}

/** Changes the properties of a vault as a body says. Throws before anything has changed. */
export function change(properties: Properties, body: VaultBody): Properties {
  if (body.tenantId !== undefined && !isGuid(body.tenantId)) throw invalid('tenantId')
  if (body.softDelete === false) {
    throw refuse(
      400,
      'BadRequest',
      `The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the 'soft delete' functionality is an irreversible action.`,
    )
  }
  if (body.purgeProtection === false) {
    throw refuse(
      400,
      'BadRequest',
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    )
  }
  const tenantId = body.tenantId ?? properties.tenantId
  return {
    ...properties,
    ...body.plain,
    tenantId,
    ...(body.sku && { sku: { family: 'A' as const, name: body.sku } }),
    ...(body.purgeProtection && { enablePurgeProtection: true as const }),
    ...(body.accessPolicies && { accessPolicies: readEntries(body.accessPolicies, tenantId) }),
  }
}

/** The days for which deleted objects are kept: chosen once. */
export function checkedRetention(given: number | undefined, present: number | undefined): number {
  const days = given ?? present ?? 90
  if (!Number.isInteger(days) || days < 7 || days > 90) {
    throw refuse(400, 'BadRequest', 'The property "softDeleteRetentionInDays" has to be a whole number from 7 to 90.')
  }
  if (present === undefined || present === days) return days
  throw refuse(400, 'BadRequest', `The property "softDeleteRetentionInDays" has been set already and it can't be modified.`)
}

const invalid = (field: string) => refuse(400, 'BadRequest', `An invalid value was provided for '${field}'.`)

/** Names begin with a letter, end with a letter or a digit, and hold no two hyphens in a row. */
export function checkName(name: string): void {
  if (!isVaultName(name)) throw refuse(400, 'VaultNameNotValid', nameRule(name))
}

export const isVaultName = (name: string): boolean => /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/i.test(name) && !name.includes('--')

export const nameRule = (name: string): string =>
  `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`
