import type { Column } from './columns/column.ts'
import { allTables, navigationsOf, propertyName, type Table, tableNamed } from './tables.ts'
import { edmType } from './values.ts'

const space = 'Microsoft.Dynamics.CRM'

/** The model as CSDL, which `$metadata` answers: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-service-documents */
export function modelDocument(): string {
  const sets = allTables.map(
    (table) => `<EntitySet Name="${table.set}" EntityType="${space}.${table.name}">${bindings(table)}</EntitySet>`,
  )
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    `<Schema Namespace="${space}" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    `<EntityType Name="crmbaseentity" Abstract="true" />`,
    ...allTables.map(entityType),
    `<EntityContainer Name="System">${sets.join('')}</EntityContainer>`,
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('')
}

function entityType(table: Table): string {
  const columns = [...table.columns.values()].filter(({ kind, read }) => kind !== 'virtual' && read)
  const sealed = [...table.columns.values()].filter(({ kind, read, create }) => kind !== 'virtual' && !read && create)
  const key = `<Key><PropertyRef Name="${table.key}" /></Key>`
  const properties = [...columns, ...sealed].map(property).join('')
  const links = kept(table).map(({ name, column, target }) => {
    const constraint = `<ReferentialConstraint Property="${propertyName(column)}" ReferencedProperty="${target}id" />`
    return `<NavigationProperty Name="${name}" Type="mscrm.${target}" Nullable="true">${constraint}</NavigationProperty>`
  })
  return `<EntityType Name="${table.name}" BaseType="mscrm.crmbaseentity">${key}${properties}${links.join('')}</EntityType>`
}

const property = (column: Column): string => {
  const length = edmType(column) === 'Edm.String' ? ` MaxLength="${column.limit}" Unicode="true"` : ''
  return `<Property Name="${propertyName(column)}" Type="${edmType(column)}"${length} />`
}

/** Navigation properties to tables that are kept here. */
const kept = (table: Table): readonly { name: string; column: Column; target: string }[] =>
  navigationsOf(table).flatMap(({ name, column, targets }) => {
    const target = targets.find((each) => tableNamed(each) !== undefined)
    return target === undefined ? [] : [{ name, column, target }]
  })

const bindings = (table: Table): string =>
  kept(table)
    .map(({ name, target }) => `<NavigationPropertyBinding Path="${name}" Target="${tableNamed(target)?.set ?? ''}" />`)
    .join('')
