import type { LogEntry } from './azure.ts'
import type { Served } from './front/hosts.ts'

/** The unread parts of each request: query options and headers by name, body properties by path. */
const unread = new WeakMap<Request, Set<string>>()

const unreadOf = (request: Request): Set<string> => {
  const names = unread.get(request) ?? new Set([...new URL(request.url).searchParams.keys(), ...headersIn(request)])
  unread.set(request, names)
  return names
}

/** Headers that make a request conditional, or on behalf of someone else: ignoring one would do something that was not requested. */
const decisive = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'mscrmcallerid', 'callerobjectid']

const headersIn = ({ headers }: Request): string[] => [
  // `null` is how documents of Dataverse write that there is none.
  ...decisive.filter((name) => (headers.get(name) ?? 'null') !== 'null').map((name) => `the header ${name}`),
  ...[...preferencesIn(headers).keys()].map((name) => `the preference ${name}`),
]

/** The preferences of a request, by their names in lower case: https://www.rfc-editor.org/rfc/rfc7240#section-2 */
function preferencesIn(headers: Headers): Map<string, string> {
  const parts = (headers.get('prefer') ?? '').match(/(?:[^,;"]|"[^"]*")+/g) ?? []
  const pairs = parts.map((part): [string, string] => {
    const [, name = '', value = ''] = /^\s*([^=\s]*)\s*=?\s*(.*?)\s*$/.exec(part) ?? []
    return [name.toLowerCase(), value.replace(/^"|"$/g, '')]
  })
  return new Map(pairs.filter(([name]) => name !== ''))
}

/** A header that decides what is done; read, it counts as honoured. */
export function headerOf(request: Request, name: string): string | undefined {
  unreadOf(request).delete(`the header ${name}`)
  return request.headers.get(name) ?? undefined
}

/** The value of a preference, empty where it has none; undefined if the request does not have it. */
export function preferenceOf(request: Request, name: string): string | undefined {
  unreadOf(request).delete(`the preference ${name}`)
  return preferencesIn(request.headers).get(name)
}

/** Remembers which options were read. Copying all options, as a link to the next page does, honours none. */
class WatchedQuery extends URLSearchParams {
  readonly #unread: Set<string>
  constructor(search: string, unreadNames: Set<string>) {
    super(search)
    this.#unread = unreadNames
  }
  override get(name: string): string | null {
    this.#unread.delete(name)
    return super.get(name)
  }
  override getAll(name: string): string[] {
    this.#unread.delete(name)
    return super.getAll(name)
  }
  override has(name: string): boolean {
    this.#unread.delete(name)
    return super.has(name)
  }
}

/** Query options by their decoded names: some clients encode the names too. */
export const queryOf = (request: Request): URLSearchParams => new WatchedQuery(new URL(request.url).search, unreadOf(request))

/**
 * Watches the body of a request, parsed: each property counts as ignored until the code reads it. From then on it is a
 * plain property, so that whatever is stored is plain data. A `null` property asks for nothing.
 */
export function watchBody(request: Request, body: unknown): void {
  parsed.add(request)
  watch(body, '', unreadOf(request))
}

const parsed = new WeakSet<Request>()

/** Objects are tracked property by property, lists of objects through their entries. */
function watch(value: unknown, path: string, names: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) watch(each, `${path}[]`, names)
  else if (isContainer(value)) watchProperties(value, path, names)
}

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && (!Array.isArray(value) || value.every(isContainer))

function watchProperties(of: object, path: string, names: Set<string>): void {
  for (const [name, value] of Object.entries(of)) {
    if (value === null || isAnnotation(name)) continue
    const at = path === '' ? name : `${path}.${name}`
    if (isContainer(value)) {
      watch(value, at, names)
      continue
    }
    names.add(at)
    watchValue(of, name, value, () => names.delete(at))
    tracked.set(
      of,
      (tracked.get(of) ?? new Map()).set(name, () => names.add(at)),
    )
  }
}

/** How to count a property of a body as ignored after all. */
const tracked = new WeakMap<object, Map<string, () => void>>()

/** A value that is not of the type asked for is ignored, although it was read. `null` asks for nothing. */
export function misread(of: object, name: string): void {
  tracked.get(of)?.get(name)?.()
}

function watchValue(of: object, name: string, value: unknown, read: () => void): void {
  const put = (other: unknown): void =>
    void Object.defineProperty(of, name, { value: other, enumerable: true, configurable: true, writable: true })
  const get = (): unknown => {
    read()
    put(value)
    return value
  }
  Object.defineProperty(of, name, { get, set: put, enumerable: true, configurable: true })
}

/** OData annotations are not values: https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#_Toc38457778 */
const isAnnotation = (name: string): boolean => /(^|@)odata\./.test(name)

/** Marks as honoured what the service ignores too, or what has no visible effect. */
export function markHonoured(value: unknown): void {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) markHonoured(part)
}

/** Notes the XML of a request that is never read. */
export function noteIgnored(request: Request, names: readonly string[]): void {
  for (const name of names) unreadOf(request).add(name)
}

/** Anything ignored in a part of a batch counts as ignored by the batch. */
export function countPart(batch: Request, part: Request, status: number): void {
  for (const name of status < 400 ? unreadOf(part) : []) unreadOf(batch).add(name)
}

/** What the services ignore too: names of requests and clients, and annotations that only answers use. */
const ignoredEverywhere: Partial<Record<Served, readonly string[]>> = {
  management: ['id', 'name', 'type', 'systemData', 'etag', 'properties.provisioningState', 'properties.vaultUri'],
  graph: ['client-request-id'],
}

/** What the sandbox ignored of a request: its answer may be to a different question. */
export function ignoredOf(service: Served, request: Request): readonly string[] {
  if (!judged.includes(service)) return []
  const names = [...unreadOf(request)].filter((name) => !ignoredEverywhere[service]?.includes(name))
  return isBodyUnread(request) ? [...names, 'the whole body'] : names
}

/** A token endpoint ignores unknown form parameters: https://www.rfc-editor.org/rfc/rfc6749#section-3.2 */
const judged: readonly Served[] = ['management', 'graph', 'keyVault', 'dataverse', 'exchange']

/** `{}` asks for nothing. */
const isBodyUnread = (request: Request): boolean =>
  ['POST', 'PUT', 'PATCH'].includes(request.method) &&
  !parsed.has(request) &&
  (request.headers.get('content-type') ?? '').includes('json') &&
  Number(request.headers.get('content-length') ?? 0) > '{}'.length

/** Reports only the first request in which a service ignores a given thing. */
export function reportOnce(tell: (entry: LogEntry) => void = () => {}): (entry: LogEntry) => void {
  const told = new Set<string>()
  return (entry) => {
    const sort = JSON.stringify([entry.service, entry.method, entry.ignored])
    if (!told.has(sort)) tell(entry)
    told.add(sort)
  }
}

/** The answer in strict mode. The request has been carried out without the named parts: which parts were read is known only afterwards. */
export const refuseIgnored = (names: readonly string[]): Response =>
  Response.json(
    {
      error: {
        code: 'SandboxStrict',
        message: `The sandbox took no notice of ${names.join(', ')} here, and did the rest. Turn its setting "strict" off to have that passed over.`,
      },
    },
    { status: 400 },
  )
