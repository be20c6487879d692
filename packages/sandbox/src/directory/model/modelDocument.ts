import { type ObjectKind, objectKinds } from '../objects/kinds.ts'
import * as shapes from '../shapes.ts'
import { complexTypes, typeOf } from './types.ts'

/** A kind of object with the collection where it stands, and what it refers to. */
interface EntityType {
  readonly name: string
  readonly collection: string
  readonly shape: shapes.Shape
  readonly links: readonly string[]
}

const assignments = 'appRoleAssignments:[appRoleAssignment]'

const entityTypes = (version: shapes.Version): readonly EntityType[] => [
  {
    ...{ name: 'application', collection: 'applications', shape: shapes.shapeOf('application', version) },
    links: ['owners:[directoryObject]'],
  },
  {
    ...{ name: 'servicePrincipal', collection: 'servicePrincipals', shape: shapes.shapeOf('servicePrincipal', version) },
    links: ['owners:[directoryObject]', assignments, 'appRoleAssignedTo:[appRoleAssignment]'],
  },
  ...Object.values(objectKinds).map(({ type, collection, shape }: ObjectKind) => ({
    ...{ name: type, collection, shape },
    links: type === 'group' ? ['members:[directoryObject]', 'owners:[directoryObject]', assignments] : [],
  })),
]

/** What the name of a type stands for: `Guid`, `[keyCredential]`. */
function edm(type: string): string {
  const inner = /^\[(.+)\]$/.exec(type)?.[1]
  if (inner !== undefined) return `Collection(${edm(inner)})`
  return type in complexTypes || /^(directoryObject|appRoleAssignment)$/.test(type) ? `graph.${type}` : `Edm.${type}`
}

const property = (name: string, type: string): string => `<Property Name="${name}" Type="${edm(type)}" />`

/** Parts such as `key:String`, as properties or as navigation properties. */
const written = (parts: readonly string[], element: string): string =>
  parts
    .map((part) => part.split(':'))
    .map(([name = '', type = '']) => `<${element} Name="${name}" Type="${edm(type)}" />`)
    .join('')

const inherited = new Set(['id', 'deletedDateTime'])

function entityType({ name, shape, links }: EntityType): string {
  const own = shape.filter(([each]) => !inherited.has(each)).map(([each, unset]) => property(each, typeOf(each, unset)))
  const open = name === 'servicePrincipal' || name === 'application' ? ' OpenType="true"' : ''
  return `<EntityType Name="${name}" BaseType="graph.directoryObject"${open}>${own.join('')}${written(links, 'NavigationProperty')}</EntityType>`
}

/**
 * The answer of `$metadata`, for which no token is needed: the model in CSDL, with as much of Graph as the sandbox has.
 * https://learn.microsoft.com/graph/traverse-the-graph#microsoft-graph-api-metadata
 */
export function modelDocument(version: shapes.Version): string {
  const types = entityTypes(version)
  const sets = types.filter(({ collection }) => !collection.includes('/'))
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="microsoft.graph" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    `<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id" /></Key><Property Name="id" Type="Edm.String" Nullable="false" /></EntityType>`,
    `<EntityType Name="directoryObject" BaseType="graph.entity">${property('deletedDateTime', 'DateTimeOffset')}</EntityType>`,
    `<EntityType Name="appRoleAssignment" BaseType="graph.directoryObject">${written(['appRoleId:Guid', 'createdDateTime:DateTimeOffset', 'principalDisplayName:String', 'principalId:Guid', 'principalType:String', 'resourceDisplayName:String', 'resourceId:Guid'], 'Property')}</EntityType>`,
    ...types.map(entityType),
    ...Object.entries(complexTypes).map(
      ([name, parts]) => `<ComplexType Name="${name}">${written(parts.split(' '), 'Property')}</ComplexType>`,
    ),
    `<EntityContainer Name="GraphService">${sets.map(({ name, collection }) => `<EntitySet Name="${collection}" EntityType="graph.${name}" />`).join('')}</EntityContainer>`,
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('')
}
