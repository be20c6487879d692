import { type Fields, fields, fieldsIn, listIn, textIn, textsIn } from './json.ts'
import type { Read } from './specs.ts'

/** A column of Dataverse, as described. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly create: boolean
  readonly read: boolean
  readonly update: boolean
  /** Without a value there is no row. */
  readonly demanded: boolean
  /** Tables that a lookup points to. */
  readonly targets: readonly string[]
  /** What a value has to be, as JSON Schema. */
  readonly schema: Fields
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

/** Entity set → table: the four that are described. */
export const sets = {
  emailserverprofiles: 'emailserverprofile',
  keyvaultreferences: 'keyvaultreference',
  managedidentities: 'managedidentity',
  mailboxes: 'mailbox',
} as const

/** Sets that a lookup may name, besides those. */
export const otherSets: Readonly<Record<string, string>> = {
  ...{ systemuser: 'systemusers', team: 'teams', organization: 'organizations', businessunit: 'businessunits' },
  ...{ queue: 'queues', partnerapplication: 'partnerapplications', transactioncurrency: 'transactioncurrencies' },
}

export const tables = (read: Read): ReadonlyMap<string, Table> =>
  new Map(
    Object.values(sets).map((name) => [
      name,
      { name, columns: listIn(read(`dataverse/${name}-columns.json`)).map((each) => columnOf(fields(each))) },
    ]),
  )

const columnOf = (described: Fields): Column => ({
  ...{ name: textIn(described.name), type: textIn(described.type), targets: textsIn(described.targets) },
  ...{ create: described.create === true, read: described.read === true, update: described.update === true },
  demanded: described.required === 'SystemRequired',
  schema: schemaOf(described),
})

/** How the Web API writes each type: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-properties */
function schemaOf({ type, maxLength, options, min, max }: Fields): Fields {
  switch (type) {
    case 'String':
    case 'Memo':
    case 'EntityName':
      return { type: 'string', ...(typeof maxLength === 'number' && { maxLength }) }
    case 'Boolean':
      return { type: 'boolean' }
    case 'Picklist':
    case 'State':
    case 'Status':
      return { type: 'integer', ...(options !== null && { enum: Object.keys(fieldsIn(options)).map(Number) }) }
    case 'Integer':
    case 'BigInt':
      return {
        type: 'integer',
        ...(typeof min === 'number' && { minimum: min }),
        ...(typeof max === 'number' && { maximum: max }),
      }
    case 'DateTime':
      return { type: 'string', format: 'date-time' }
    case 'Uniqueidentifier':
    case 'Lookup':
    case 'Owner':
      return { type: 'string', format: 'uuid' }
    case 'ManagedProperty':
      return { type: 'object', required: ['Value'] }
    default:
      return {}
  }
}
