import { queryOf, type RequestContext } from '../gate.ts'
import { readObject } from '../json.ts'
import { bad, Refusal, unsupported } from '../refusal.ts'

/** What a state token holds; it is opaque to clients. */
export interface Round {
  /** The client knows the writes up to this number; this round reports those up to `until`. */
  readonly since: number
  readonly until: number
  /** Id of the last object of the page before. */
  readonly after: string
  readonly select: readonly string[] | undefined
  readonly ids: readonly string[] | undefined
  /** The types of `directoryObjects` that are asked for, all if none is. */
  readonly types: readonly string[] | undefined
  /** Whether the members of groups are tracked. */
  readonly members: boolean
}

const sevenDays = 7 * 86_400_000

const options = ['$select', '$filter', '$expand', '$deltatoken', '$skiptoken']

/** A query option, ignoring case: Graph's own links and its documentation differ. */
export function optionOf(asked: RequestContext, wanted: string): string | undefined {
  const query = queryOf(asked)
  const name = [...query.keys()].find((each) => each.toLowerCase() === wanted)
  return name === undefined ? undefined : (query.get(name) ?? undefined)
}

export function checkOptions(asked: RequestContext): void {
  const names = [...queryOf(asked).keys()].filter((name) => name.startsWith('$'))
  const unknown = names.find((name) => !options.includes(name.toLowerCase()))
  if (unknown !== undefined) throw unsupported(`The query option '${unknown}' is not supported by a delta query.`)
}

/** The only filters that a delta query knows: objects by id and, among `directoryObjects`, by type. */
export function filterIn(filter: string | undefined, types: boolean): Pick<Round, 'ids' | 'types'> {
  if (filter === undefined) return { ids: undefined, types: undefined }
  const terms = filter.split(/\s+or\s+/i)
  const found = (pattern: RegExp): string[] => terms.flatMap((term) => pattern.exec(term)?.[1]?.toLowerCase() ?? [])
  const ids = found(/^\s*id\s+eq\s+'([0-9a-f-]{36})'\s*$/i)
  const named = types ? found(/^\s*isof\('microsoft\.graph\.(\w+)'\)\s*$/i) : []
  if (ids.length + named.length < terms.length)
    throw unsupported(`A delta query can be filtered by ids${types ? ' and types' : ''} only.`)
  return { ids: ids.length > 0 ? ids : undefined, types: named.length > 0 ? named : undefined }
}

export const tokenOf = (asked: RequestContext, round: Round): string =>
  Buffer.from(JSON.stringify({ ...round, issued: asked.var.azure.now().getTime() })).toString('base64url')

/** What the token holds, if this tenant issued it within the last seven days: https://learn.microsoft.com/graph/delta-query-overview#token-duration */
export function readToken(asked: RequestContext, text: string): Round {
  const { since, until, after, select, ids, types, members, issued } = readObject(Buffer.from(text, 'base64url').toString('utf8'))
  if (typeof since !== 'number' || typeof until !== 'number' || typeof after !== 'string' || typeof issued !== 'number')
    throw bad('Badly formed token.')
  if (issued + sevenDays <= asked.var.azure.now().getTime() || since > (asked.var.tenant.writes?.count ?? 0)) throw gone(asked)
  const texts = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined)
  return { since, until, after, select: texts(select), ids: texts(ids), types: texts(types), members: members === true }
}

/** The client has to start again without a token. */
function gone(asked: RequestContext): Refusal {
  const { origin, pathname } = new URL(asked.req.url)
  asked.header('Location', `${origin}${pathname}?$deltatoken=`)
  return new Refusal(410, 'syncStateNotFound', 'The sync state generation is not found; a full synchronization is required.')
}
