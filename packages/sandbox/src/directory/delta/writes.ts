import { isDeepStrictEqual } from 'node:util'
import type { Tenant, Writes } from '../state.ts'

/** An object, as far as its writes are tracked: other properties are in `more`, a group's members in `members`. */
interface Noted {
  readonly id: string
  readonly more?: object
  readonly members?: readonly string[]
}

/** Notes which properties a write changes: `before` is undefined for a new object, `after` for one that is removed permanently. */
export function noteWrite(tenant: Tenant, collection: string, before: Noted | undefined, after: Noted | undefined): void {
  const id = after?.id ?? before?.id ?? ''
  const writes: Writes = tenant.writes ?? { count: 0, objects: {} }
  tenant.writes = writes
  writes.count += 1
  const noted = writes.objects[id] ?? { collection, at: {} }
  for (const name of changed(before, after)) noted.at[name] = writes.count
  writes.objects[id] = noted
}

function changed(before: Noted | undefined, after: Noted | undefined): readonly string[] {
  const [old, young] = [propertiesOf(before), propertiesOf(after)]
  return [...new Set([...old.keys(), ...young.keys()])].filter((name) => !isDeepStrictEqual(old.get(name), young.get(name)))
}

/** The member that a noted name stands for, if it does. */
export const memberOf = (name: string): string | undefined => /^members\/(.+)$/.exec(name)?.[1]

function propertiesOf(object: Noted | undefined): ReadonlyMap<string, unknown> {
  if (object === undefined) return new Map()
  const { more = {}, members = [], ...own } = object
  return new Map<string, unknown>([
    ...Object.entries(own),
    ...Object.entries(more),
    ...members.map((id): [string, true] => [`members/${id}`, true]),
  ])
}
