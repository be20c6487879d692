import type { RequestContext } from '../gate.ts'
import { isGuid } from '../json.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Application, Collections, DirectoryObject, Kinds, ServicePrincipal } from '../state.ts'

/** Kinds that are addressed by their own keys and are soft-deleted. */
export type Registered = 'applications' | 'servicePrincipals'

/** How a path names an object: its object id, or an alternate key as `appId='…'`. */
export interface Key {
  readonly name: 'id' | 'appId' | 'uniqueName'
  readonly value: string
}

export function keyOf(segment: string): Key {
  const alternate = /^(appId|uniqueName)=(.*)$/s.exec(segment)
  const [, name, value = ''] = alternate ?? []
  if (name === 'uniqueName') return { name, value }
  const id = alternate === null ? segment : value
  if (!isGuid(id)) throw new Refusal(400, 'Request_BadRequest', `Invalid object identifier '${id}'.`)
  return { name: name === 'appId' ? 'appId' : 'id', value: id.toLowerCase() }
}

const uniqueNameOf = (object: Application | ServicePrincipal): string | null =>
  'uniqueName' in object ? object.uniqueName : null

export function matches(object: Application | ServicePrincipal, { name, value }: Key): boolean {
  if (object.deletedDateTime !== null) return false
  if (name === 'uniqueName') return uniqueNameOf(object)?.toLowerCase() === value.toLowerCase()
  return object[name] === value
}

/** The object as the answering replica sees it. */
export function seen<Name extends Registered>(asked: RequestContext, name: Name, key: Key): Kinds[Name] | undefined {
  return asked.var.replica.all(name).find((object) => matches(object, key))
}

export function required<Name extends Registered>(asked: RequestContext, name: Name, key: Key): Kinds[Name] {
  const found = seen(asked, name, key)
  if (found === undefined) throw notFound(key.value)
  return found
}

/**
 * The object in its newest state, for a write. A replica that does not know it yet refuses; otherwise the write is based on the
 * newest state, since writes go to one place.
 */
export function forWrite<Name extends Registered>(asked: RequestContext, name: Name, key: Key): Kinds[Name] {
  const collections: Collections = asked.var.tenant
  const newest: Kinds[Name] | undefined = collections[name][required(asked, name, key).id]
  if (newest === undefined || newest.deletedDateTime !== null) throw notFound(key.value)
  return newest
}

export const isApplication = (object: DirectoryObject): object is Application => 'uniqueName' in object
