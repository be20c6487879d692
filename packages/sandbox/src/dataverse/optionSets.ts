import { optionsFor } from './columns/choices.ts'
import { sharedSetOf } from './globalOptionSets.ts'
import type { Table } from './tables.ts'
import { optionsOf } from './values.ts'
import { badQuery } from './wire/refusal.ts'

type Json = Record<string, unknown>

/** `Microsoft.Dynamics.CRM.PicklistAttributeMetadata` at the end of a path: the attributes of that type alone. Undefined for no cast. */
export function castIn(segments: readonly string[]): string | undefined {
  const [segment, ...more] = segments
  if (segment === undefined) return undefined
  const type = /^Microsoft\.Dynamics\.CRM\.(\w+)AttributeMetadata$/.exec(segment)?.[1]
  if (type === undefined || more.length > 0) throw badQuery(`Resource not found for the segment '${segment}'.`)
  return type
}

export const isOfType = ({ AttributeType: type }: Json, cast: string | undefined): boolean =>
  cast === undefined || type === cast || (cast === 'Lookup' && type === 'Owner')

const withOptions: readonly string[] = ['Picklist', 'State', 'Status', 'Boolean']

/** What `$expand=OptionSet` adds to an attribute: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api */
export function expandedOptions(table: Table, json: Json, cast: string | undefined, expand: string | null): Json {
  if (expand === null || expand === '') return {}
  const shown = expand.split(/,(?![^(]*\))/).map((part): [string, Json | null] => {
    const name = /^(\w+)(?:\(.*\))?$/.exec(part.trim())?.[1] ?? ''
    if (!['OptionSet', 'GlobalOptionSet'].includes(name) || !withOptions.includes(cast ?? ''))
      throw badQuery(`Could not find a property named '${part}' on type 'Microsoft.Dynamics.CRM.${cast ?? ''}AttributeMetadata'.`)
    const column = table.columns.get(String(json.LogicalName))
    const shared = column && sharedSetOf(column)
    return [name, shared ?? (name === 'OptionSet' ? optionSet(table, json, cast) : null)]
  })
  return Object.fromEntries(shown)
}

function optionSet(table: Table, { LogicalName: attribute, MetadataId }: Json, cast: string | undefined): Json {
  const column = table.columns.get(String(attribute))
  const labels = column?.kind === 'bool' ? { 0: 'No', 1: 'Yes' } : column && optionsOf(column)
  const options = optionsFor(labels ?? {})
  const common = { MetadataId, Name: `${table.name}_${String(attribute)}`, IsGlobal: false, OptionSetType: cast }
  if (cast !== 'Boolean') return { ...common, Options: options }
  const [FalseOption, TrueOption] = options.sort((left, right) => left.Value - right.Value)
  return { ...common, FalseOption, TrueOption }
}
