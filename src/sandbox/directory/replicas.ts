import type { Azure } from '../azure.ts'
import type { Change, Collections, Kinds, Recent, Tenant } from './state.ts'

/** A replica learns of a write after its share of the longest lag; which one answers is left to chance. */
const shares = [0, 0.5, 1]

/** What one replica of a tenant's directory knows at this moment. */
export interface Replica {
  get<Name extends keyof Kinds>(name: Name, id: string): Kinds[Name] | undefined
  all<Name extends keyof Kinds>(name: Name): readonly Kinds[Name][]
}

/** Some replica of the tenant's directory: ask once a request, so that the request sees one state of things. */
export function someReplica(azure: Azure, tenant: Tenant): Replica {
  const share = shares[Math.floor(azure.random() * shares.length)] ?? 0
  const since = azure.now().getTime() - share * azure.settings.replicationLag
  return replica(tenant, tenant.recent, since)
}

const replica = (rows: Collections, recent: Recent, since: number): Replica => ({
  get: (name, id) => visible(rows[name], recent[name], since, id),
  all: (name) => {
    const ids = new Set([...Object.keys(rows[name]), ...recent[name].map((change) => change.id)])
    return [...ids].flatMap((id) => visible(rows[name], recent[name], since, id) ?? [])
  },
})

/** Writes after `since` are not known yet, so what counts is what was before the first of them. */
function visible<Kind>(rows: Record<string, Kind>, recent: readonly Change<Kind>[], since: number, id: string): Kind | undefined {
  const unseen = recent.find((change) => change.id === id && change.at > since)
  return unseen === undefined ? rows[id] : (unseen.before ?? undefined)
}

/** Puts an object into the directory, in place of what has its id. Objects are replaced, never changed in place. */
export function put<Name extends keyof Kinds>(azure: Azure, tenant: Tenant, name: Name, object: Kinds[Name]): void {
  const rows = rowsOf(tenant, name)
  note(azure, rows, tenant.recent, name, object.id)
  rows[object.id] = object
}

/** Removes an object for good. */
export function erase<Name extends keyof Kinds>(azure: Azure, tenant: Tenant, name: Name, id: string): void {
  const rows = rowsOf(tenant, name)
  note(azure, rows, tenant.recent, name, id)
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
