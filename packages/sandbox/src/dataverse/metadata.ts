import { label } from './columns/choices.ts'
import type { Column } from './columns/column.ts'
import { globalOptionSets } from './globalOptionSets.ts'
import { castIn, expandedOptions, isOfType } from './optionSets.ts'
import { definitionFilter } from './query/definitionFilter.ts'
import { associations } from './roles/associations.ts'
import type { Scope } from './scope.ts'
import { allTables, isLookup, navigationsOf, type Table, tableNamed } from './tables.ts'
import { metadataId } from './values.ts'
import { badQuery, Refusal } from './wire/refusal.ts'

/** The service document: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-service-documents */
export const serviceDocument = (scope: Scope): object => ({
  '@odata.context': `${scope.root}/$metadata`,
  value: [...allTables.map(({ set }) => set), 'EntityDefinitions', 'GlobalOptionSetDefinitions', 'RelationshipDefinitions']
    .toSorted()
    .map((set) => ({ name: set, kind: 'EntitySet', url: set })),
})

type Json = Record<string, unknown>

const attributeTypes: Readonly<Record<Column['kind'], string>> = {
  text: 'String',
  memo: 'Memo',
  int: 'Integer',
  bigint: 'BigInt',
  bool: 'Boolean',
  choice: 'Picklist',
  state: 'State',
  status: 'Status',
  guid: 'Uniqueidentifier',
  date: 'DateTime',
  lookup: 'Lookup',
  owner: 'Owner',
  virtual: 'Virtual',
}

const requiredLevels = { none: 'None', business: 'ApplicationRequired', system: 'SystemRequired' } as const

const entity = (table: Table): Json => ({
  MetadataId: metadataId(table.name),
  LogicalName: table.name,
  SchemaName: table.schemaName,
  EntitySetName: table.set,
  LogicalCollectionName: table.set,
  ObjectTypeCode: table.typeCode,
  PrimaryIdAttribute: table.key,
  PrimaryNameAttribute: table.primaryName,
  OwnershipType: table.columns.has('ownerid') ? 'UserOwned' : 'OrganizationOwned',
  IsOptimisticConcurrencyEnabled: true,
  IsCustomEntity: false,
  IsActivity: false,
  DisplayName: label(table.displayName),
})

const attribute = (table: Table, column: Column): Json => ({
  ...(isLookup(column) ? { '@odata.type': '#Microsoft.Dynamics.CRM.LookupAttributeMetadata', Targets: column.targets } : {}),
  MetadataId: metadataId(table.name, column.name),
  EntityLogicalName: table.name,
  LogicalName: column.name,
  SchemaName: column.name,
  AttributeType: attributeTypes[column.kind],
  AttributeTypeName: { Value: `${attributeTypes[column.kind]}Type` },
  IsPrimaryId: column.name === table.key,
  IsPrimaryName: column.name === table.primaryName,
  IsValidForCreate: column.create,
  IsValidForRead: column.read,
  IsValidForUpdate: column.update,
  RequiredLevel: {
    Value: requiredLevels[column.required],
    CanBeChanged: false,
    ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
  },
  ...(column.kind === 'text' || column.kind === 'memo' ? { MaxLength: column.limit } : {}),
  ...(column.kind === 'int' ? { MinValue: column.minimum, MaxValue: column.maximum } : {}),
})

const relationships = (table: Table): readonly Json[] =>
  navigationsOf(table).flatMap((each) =>
    each.targets.map((target) => ({
      MetadataId: metadataId(table.name, each.column.name, target),
      SchemaName: `${target}_${table.name}_${each.column.name}`,
      RelationshipType: 'OneToManyRelationship',
      ReferencingEntity: table.name,
      ReferencingAttribute: each.column.name,
      ReferencingEntityNavigationPropertyName: each.name,
      ReferencedEntity: target,
      ReferencedAttribute: `${target}id`,
      CascadeConfiguration: { Delete: 'RemoveLink' },
    })),
  )

const manyToMany: readonly Json[] = associations
  // Each is listed once, whichever side it is seen from.
  .filter(({ from, to }) => from === 'systemuser' || to === 'privilege')
  .map(({ name, from, to }) => ({
    MetadataId: metadataId(name),
    SchemaName: name,
    RelationshipType: 'ManyToManyRelationship',
    ...{ Entity1LogicalName: from, Entity1IntersectAttribute: `${from}id`, Entity1NavigationPropertyName: name },
    ...{ Entity2LogicalName: to, Entity2IntersectAttribute: `${to}id`, Entity2NavigationPropertyName: name },
    IntersectEntityName: name.replace('_association', ''),
  }))

const collections: Readonly<Record<string, (table: Table) => readonly Json[]>> = {
  Attributes: (table) => [...table.columns.values()].map((column) => attribute(table, column)),
  ManyToOneRelationships: relationships,
  // From the other side: what refers to the table.
  OneToManyRelationships: (table) =>
    allTables.flatMap(relationships).filter(({ ReferencedEntity }) => ReferencedEntity === table.name),
  ManyToManyRelationships: ({ name }) =>
    manyToMany.filter((each) => each.Entity1LogicalName === name || each.Entity2LogicalName === name),
  Keys: () => [],
}

/** `EntityDefinitions(LogicalName='…')` with its attributes, relationships and alternate keys, of which there are none. */
export function definitions(scope: Scope, segments: readonly string[], search: URLSearchParams): object {
  const [first = '', second, ...more] = segments
  const select = search.get('$select')
  if (first.startsWith('GlobalOptionSetDefinitions')) return globalOptionSets(scope, segments, search)
  if (first === 'RelationshipDefinitions') return relationshipDefinitions(scope, second, search)
  if (first === 'EntityDefinitions' && second === undefined)
    return {
      '@odata.context': `${scope.root}/$metadata#EntityDefinitions`,
      value: allTables
        .map(entity)
        .filter(definitionFilter(search.get('$filter')))
        .map((each) => pick(each, select)),
    }
  const table = definedTable(first)
  if (second === undefined)
    return {
      '@odata.context': `${scope.root}/$metadata#EntityDefinitions/$entity`,
      ...pick(entity(table), select),
      ...expanded(table, search.get('$expand')),
    }
  const [, name = '', key, id] = /^(\w+)(?:\((?:LogicalName='(\w+)'|([0-9a-f-]{36}))\))?$/i.exec(second) ?? []
  const all = collections[name]?.(table)
  if (all === undefined) throw badQuery(`Resource not found for the segment '${second}'.`)
  const cast = castIn(more)
  const members = all.filter((each) => isOfType(each, cast))
  const show = (each: Json): Json => ({ ...pick(each, select), ...expandedOptions(table, each, cast, search.get('$expand')) })
  const context = `${scope.root}/$metadata#EntityDefinitions('${table.name}')/${name}`
  if (key === undefined && id === undefined) {
    return { '@odata.context': context, value: members.filter(definitionFilter(search.get('$filter'))).map(show) }
  }
  const member = members.find((each) => (id === undefined ? each.LogicalName === key : each.MetadataId === id.toLowerCase()))
  if (member === undefined) throw missing(`Could not find an attribute with name ${key ?? id} on entity ${table.name}.`)
  return { '@odata.context': `${context}/$entity`, ...show(member) }
}

const casts: Readonly<Record<string, (tables: readonly Table[]) => readonly Json[]>> = {
  OneToManyRelationshipMetadata: (tables) => tables.flatMap(relationships),
  ManyToManyRelationshipMetadata: () => manyToMany,
}

/** `RelationshipDefinitions`, all of them or those of one kind. */
function relationshipDefinitions(scope: Scope, cast: string | undefined, search: URLSearchParams): object {
  const found = casts[cast?.replace(/^Microsoft\.Dynamics\.CRM\./, '') ?? 'OneToManyRelationshipMetadata']
  if (found === undefined) throw badQuery(`Resource not found for the segment '${cast}'.`)
  const matching = found(allTables).filter(definitionFilter(search.get('$filter')))
  return {
    '@odata.context': `${scope.root}/$metadata#RelationshipDefinitions${cast === undefined ? '' : `/${cast}`}`,
    value: matching.map((each) => pick(each, search.get('$select'))),
  }
}

function definedTable(segment: string): Table {
  const key = /^EntityDefinitions\((?:LogicalName='(\w+)'|([0-9a-f-]{36}))\)$/i.exec(segment)
  const byId = allTables.find(({ name }) => metadataId(name) === key?.[2]?.toLowerCase())
  const name = key?.[1] ?? byId?.name ?? segment
  const table = tableNamed(name)
  if (table === undefined) throw missing(`Could not find an entity with name ${name}.`)
  return table
}

const missing = (message: string): Refusal => new Refusal(404, '0x80060888', message)

function expanded(table: Table, expand: string | null): Json {
  const shown: Json = {}
  for (const part of (expand ?? '').split(/,(?![^(]*\))/).filter((each) => each !== '')) {
    const [, name = '', options = ''] = /^(\w+)(?:\((.*)\))?$/.exec(part) ?? []
    const members = collections[name]?.(table)
    if (members === undefined)
      throw badQuery(`Could not find a property named '${part}' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.`)
    const select = /\$select=([^;]+)/.exec(options)?.[1] ?? null
    shown[name] = members.map((each) => pick(each, select))
  }
  return shown
}

function pick(json: Json, select: string | null): Json {
  if (select === null) return json
  const names = select.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !(name in json))
  if (
    unknown !== undefined &&
    json.LogicalName !== undefined &&
    json.SchemaName !== undefined &&
    json.EntitySetName !== undefined
  )
    throw badQuery(`Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.`)
  return Object.fromEntries(['MetadataId', ...names].filter((name) => name in json).map((name) => [name, json[name]]))
}
