import { answer, queryOf, type RequestContext } from '../gate.ts'
import { objectKinds } from '../objects/kinds.ts'
import { requireOperation } from '../permissions.ts'
import { selectedProperties } from '../query.ts'
import { unsupported } from '../refusal.ts'
import type { Body } from '../represent.ts'
import * as shapes from '../shapes.ts'
import type { Tenant } from '../state.ts'
import { checkOptions, filterIn, optionOf, type Round, readToken, tokenOf } from './token.ts'
import { directoryObjects, type Tracked } from './tracked.ts'
import { memberOf } from './writes.ts'

const pageSize = 100

/**
 * `GET /{collection}/delta`: everything at first, then what was created, changed or removed since. Every write counts as soon as
 * it is made: delta does not lag. https://learn.microsoft.com/graph/delta-query-overview
 */
export function delta(asked: RequestContext, of: Tracked): Response {
  requireOperation(asked, of.read)
  checkOptions(asked)
  const round = roundOf(asked, of)
  const found = changedIds(asked.var.tenant, of, round).map((id) => ({ of, id }))
  return answered(asked, of.collection, round, found)
}

/**
 * `GET /directoryObjects/delta`: the same for several types at once, each object with its type. Ids or types have to be given:
 * https://learn.microsoft.com/graph/api/directoryobject-delta
 */
export function deltaOfObjects(asked: RequestContext): Response {
  checkOptions(asked)
  const round = roundOf(asked, undefined)
  if (round.ids === undefined && round.types === undefined)
    throw unsupported('A delta query of directoryObjects has to be filtered by ids or types.')
  const unknown = round.types?.find((type) => !directoryObjects.some((each) => each.type.toLowerCase() === type))
  if (unknown !== undefined) throw unsupported(`The sandbox has no objects of the type '${unknown}'.`)
  const wanted = directoryObjects.filter(({ type }) => round.types?.includes(type.toLowerCase()) ?? true)
  for (const each of wanted) requireOperation(asked, each.read)
  const found = wanted.flatMap((of) => changedIds(asked.var.tenant, of, round).map((id) => ({ of, id })))
  return answered(
    asked,
    'directoryObjects',
    round,
    found.sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
}

interface ReportedObject {
  readonly of: Tracked
  readonly id: string
}

/** A page of changes. */
function answered(asked: RequestContext, collection: string, round: Round, all: readonly ReportedObject[]): Response {
  const found = all.filter(({ id }) => id > round.after)
  const page = found.slice(0, pageSize)
  const isLast = found.length <= pageSize
  const next = isLast ? { ...round, since: round.until, after: '' } : { ...round, after: page.at(-1)?.id ?? '' }
  const names = queryOf(asked).get('$select')
  return answer(asked, {
    '@odata.context': `${asked.var.root}/$metadata#${collection}${names === null ? '' : `(${names})`}`,
    [isLast ? '@odata.deltaLink' : '@odata.nextLink']: link(asked, isLast ? '$deltatoken' : '$skiptoken', tokenOf(asked, next)),
    value: page.map(({ of, id }) => ({
      ...(collection === 'directoryObjects' && { '@odata.type': `#microsoft.graph.${of.type}` }),
      ...entry(asked, of, round, id),
    })),
  })
}

/** The address of the next request; everything it asks for is in the token. */
function link(asked: RequestContext, option: string, token: string): string {
  const url = new URL(asked.req.url)
  return `${url.origin}${url.pathname}?${option}=${token}`
}

function roundOf(asked: RequestContext, of: Tracked | undefined): Round {
  const now = asked.var.tenant.writes?.count ?? 0
  const skip = optionOf(asked, '$skiptoken')
  if (skip !== undefined) return readToken(asked, skip)
  const token = optionOf(asked, '$deltatoken') ?? ''
  if (token !== '' && token !== 'latest') return { ...readToken(asked, token), until: now }
  const properties = (of === undefined ? directoryObjects : [of]).flatMap(({ shape }) => [...shapes.namesOf(shape)])
  const select = selectedProperties(queryOf(asked), new Set([...properties, 'members']))
  const expand = optionOf(asked, '$expand')
  const groups = of?.collection === 'groups'
  if (expand !== undefined && !(groups && expand === 'members'))
    throw unsupported(`The query option '$expand=${expand}' is not supported by a delta query.`)
  const members = groups && (select === undefined || select.includes('members') || expand !== undefined)
  const filter = filterIn(optionOf(asked, '$filter'), of === undefined)
  return { since: token === 'latest' ? now : everything, until: now, after: '', select, ...filter, members }
}

/** Where no state is known. */
const everything = -1

/** Ids of the objects that a round reports, in order. */
function changedIds(tenant: Tenant, of: Tracked, round: Round): readonly string[] {
  const objects = Object.entries(of.objects(tenant))
  const present = objects.filter(([, { deletedDateTime }]) => deletedDateTime === null).map(([id]) => id)
  const ids = round.since === everything ? present : changed(tenant, of, round)
  return ids.filter((id) => round.ids?.includes(id) ?? true).sort()
}

function changed({ writes }: Tenant, { collection, shape }: Tracked, round: Round): readonly string[] {
  const names = new Set(['id', 'deletedDateTime', ...(round.select ?? shapes.namesOf(shape))])
  const matters = (name: string): boolean => names.has(name) || (round.members && memberOf(name) !== undefined)
  const isNew = (number: number): boolean => number > round.since && number <= round.until
  return Object.entries(writes?.objects ?? {})
    .filter(([, each]) => each.collection === collection)
    .filter(([, { at }]) => Object.entries(at).some(([name, number]) => isNew(number) && matters(name)))
    .map(([id]) => id)
}

/** An object with its tracked properties; a deleted one with its id and whether it can be restored. */
function entry({ var: { tenant } }: RequestContext, of: Tracked, round: Round, id: string): Body {
  const object = of.objects(tenant)[id]
  if (object?.deletedDateTime !== null) return { id, '@removed': { reason: object === undefined ? 'deleted' : 'changed' } }
  const body = of.body(tenant, id) ?? {}
  const names = round.select ?? of.shown ?? Object.keys(body)
  const shown = Object.entries(body).filter(([name]) => name === 'id' || names.includes(name))
  const members = round.members ? membersOf(tenant, round, id) : []
  return { ...Object.fromEntries(shown), ...(members.length > 0 && { 'members@delta': members }) }
}

/** All members of a group at first; later, who joined and who left. */
function membersOf({ writes, objects = {} }: Tenant, round: Round, id: string): readonly Body[] {
  const present = objects[id]?.members ?? []
  const noted = Object.entries(writes?.objects[id]?.at ?? {}).filter(([, number]) => number > round.since)
  const ids = round.since === everything ? present : noted.flatMap(([name]) => memberOf(name) ?? [])
  return ids.map((member) => {
    const kind = objects[member]?.kind
    const type = kind === undefined ? 'servicePrincipal' : objectKinds[kind].type
    const gone = present.includes(member) ? {} : { '@removed': { reason: 'deleted' } }
    return { '@odata.type': `#microsoft.graph.${type}`, id: member, ...gone }
  })
}
