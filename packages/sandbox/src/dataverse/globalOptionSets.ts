import { label, optionSets, optionsFor } from './columns/choices.ts'
import type { Column } from './columns/column.ts'
import type { Scope } from './scope.ts'
import { metadataId } from './values.ts'
import { badQuery, Refusal } from './wire/refusal.ts'

type Json = Record<string, unknown>

const cast = 'Microsoft.Dynamics.CRM.OptionSetMetadata'

/** The complete option set that a column shares with others; undefined if it has its own. */
export const sharedSetOf = ({ choice }: Column): Json | undefined => {
  const found = shared.find((each) => each.choice === choice)
  return found && body(found)
}

interface Shared {
  /** As the columns here name it. */
  readonly choice: string
  readonly name: string
  readonly displayName: string
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile names them as GlobalChoiceName. */
const shared: readonly Shared[] = [
  { choice: 'componentstate', name: 'componentstate', displayName: 'Component State' },
  {
    ...{ choice: 'protocol', name: 'emailserverprofile_authenticationprotocol' },
    displayName: 'Authentication Protocol',
  },
]

const body = ({ choice, name, displayName }: Shared): Json => ({
  '@odata.type': `#${cast}`,
  MetadataId: metadataId('optionset', name),
  Name: name,
  DisplayName: label(displayName),
  IsGlobal: true,
  IsCustomOptionSet: false,
  IsManaged: true,
  OptionSetType: 'Picklist',
  Options: optionsFor(optionSets[choice] ?? {}),
})

/** `GlobalOptionSetDefinitions`: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-optionsets */
export function globalOptionSets(scope: Scope, segments: readonly string[], search: URLSearchParams): object {
  const [first = '', ...rest] = segments
  if (rest.length > 1 || (rest[0] !== undefined && rest[0] !== cast))
    throw badQuery(`Resource not found for the segment '${rest[0]}'.`)
  const stray = [...search.keys()].find((option) => option.startsWith('$') && option !== '$select')
  if (stray !== undefined) throw badQuery(`The query parameter ${stray} is not supported for GlobalOptionSetDefinitions.`)
  const context = `${scope.root}/$metadata#GlobalOptionSetDefinitions`
  const [, name, id] = /\((?:Name='(\w+)'|([0-9a-f-]{36}))\)$/i.exec(first) ?? []
  const select = search.get('$select')
  if (name === undefined && id === undefined && first === 'GlobalOptionSetDefinitions')
    return { '@odata.context': context, value: shared.map(body).map((each) => pick(each, select)) }
  const found = shared.map(body).find((each) => (id === undefined ? each.Name === name : each.MetadataId === id.toLowerCase()))
  if (found === undefined) throw new Refusal(404, '0x80060888', `Could not find an optionset with name ${name ?? id}.`)
  return { '@odata.context': `${context}/$entity`, ...pick(found, select) }
}

/** The id and the type are always there. */
function pick(json: Json, select: string | null): Json {
  if (select === null) return json
  const names = ['@odata.type', 'MetadataId', ...select.split(',').map((name) => name.trim())]
  const unknown = names.find((name) => !(name in json))
  if (unknown !== undefined)
    throw badQuery(`Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.OptionSetMetadataBase'.`)
  return Object.fromEntries(names.map((name) => [name, json[name]]))
}
