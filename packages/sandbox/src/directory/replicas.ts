import type { Azure } from '../azure.ts'
import { noteWrite } from './delta/writes.ts'
import type { Change, Collections, Kinds, Recent, Tenant } from './state.ts'

/** A replica learns of a write after its share of the longest lag; which one answers is left to chance. */
const shares = [0, 0.5, 1]

/** What one replica of a tenant's directory knows at this moment. */
export interface Replica {
  get<Name extends keyof Kinds>(name: Name, id: string): Kinds[Name] | undefined
  all<Name extends keyof Kinds>(name: Name): readonly Kinds[Name][]
}

/**
 * Some replica of the tenant's directory. Call it once per request, so that the request sees one state. Each object lags on
 * its own: of two objects written one after the other, the later one may be visible first.
 */
export function someReplica(azure: Azure, { recent, ...rows }: Tenant): Replica {
  const known = new Map<string, number>()
  const draw = (): number => {
    const share = shares[Math.floor(azure.random() * shares.length)] ?? 0
    return azure.now().getTime() - share * azure.settings.replicationLag
  }
  const sinceOf = (id: string): number => {
    const since = known.get(id) ?? draw()
    known.set(id, since)
    return since
  }
  const get: Replica['get'] = (name, id) => visible(rowsOf(rows, name), recent[name], { azure, sinceOf }, id)
  return {
    get,
    all: (name) => {
      const ids = new Set([...Object.keys(rows[name]), ...recent[name].map((change) => change.id)])
      return [...ids].flatMap((id) => get(name, id) ?? [])
    },
  }
}

interface Lagging {
  readonly azure: Azure
  /** Later writes are not known yet. */
  sinceOf(id: string): number
}

/** The state before the first write that is not known yet. */
function visible<Kind>(
  rows: Record<string, Kind>,
  recent: readonly Change<Kind>[],
  { azure, sinceOf }: Lagging,
  id: string,
): Kind | undefined {
  const young = recent.filter((change) => change.id === id)
  if (young.length === 0) return rows[id]
  const since = sinceOf(id)
  const unseen = young.find((change) => change.at > since)
  if (unseen === undefined) return rows[id]
  azure.met?.('stale read')
  return unseen.before ?? undefined
}

/** Puts an object into the directory, in place of what has its id. Objects are replaced, never changed in place. */
export function put<Name extends keyof Kinds>(azure: Azure, tenant: Tenant, name: Name, object: Kinds[Name]): void {
  const rows = rowsOf(tenant, name)
  note(azure, rows, tenant.recent, name, object.id)
  noteWrite(tenant, name, rows[object.id], object)
  rows[object.id] = object
}

/** Removes an object permanently. */
export function erase<Name extends keyof Kinds>(azure: Azure, tenant: Tenant, name: Name, id: string): void {
  const rows = rowsOf(tenant, name)
  note(azure, rows, tenant.recent, name, id)
  noteWrite(tenant, name, rows[id], undefined)
  delete rows[id]
}

const rowsOf = <Name extends keyof Kinds>(collections: Collections, name: Name): Record<string, Kinds[Name]> => collections[name]

function note<Name extends keyof Kinds>(
  { now, settings }: Azure,
  rows: Record<string, Kinds[Name]>,
  all: Recent,
  name: Name,
  id: string,
): void {
  const at = now().getTime()
  const recent = all[name]
  const young = recent.findIndex((change) => change.at + settings.replicationLag > at)
  recent.splice(0, young === -1 ? recent.length : young)
  if (settings.replicationLag > 0) recent.push({ at, id, before: rows[id] ?? null })
}
