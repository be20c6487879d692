import { fields } from '../../src/core/diff.ts'
import { HmaError } from '../../src/core/errors.ts'
import type { Kind, Node } from '../../src/core/kind.ts'
import type { Pace } from '../../src/core/pace.ts'
import { instantTimer } from './timer.ts'

export type Thing = { readonly name: string; readonly size?: number; readonly upstreamId?: string; readonly consent?: string }
export type LiveObject = {
  readonly name: string
  readonly id: string
  readonly mark?: string
  readonly size?: number
  readonly upstreamId?: string
}

/** A cloud that is a Map. A number of reads after a write do not see it, as in a directory with lagging replicas. */
export class Cloud {
  readonly things = new Map<string, LiveObject>()
  readonly log: string[] = []
  lag = 0
  /** Names whose next writes fail, with how often. */
  readonly failing = new Map<string, { times: number; retryable: boolean }>()
  #blind = 0

  see(name: string): LiveObject | undefined {
    return this.#blind-- > 0 ? undefined : this.things.get(name)
  }

  put(thing: LiveObject): void {
    this.#fail(thing.name)
    this.things.set(thing.name, thing)
    this.#blind = this.lag
    this.log.push(`put ${thing.name}`)
  }

  remove(name: string): void {
    this.#fail(name)
    this.things.delete(name)
    this.log.push(`remove ${name}`)
  }

  #fail(name: string): void {
    const failure = this.failing.get(name)
    if (failure && failure.times-- > 0) throw new HmaError('HMA901', `no ${name}`, { retryable: failure.retryable })
  }
}

/** A resource with a name, a size, a mark, and perhaps the id of another. */
export const thing = (cloud: Cloud, confirmations = 1): Kind<Thing, LiveObject, 'name'> => ({
  identity: ['name'],
  stable: ['id'],
  confirmations: () => confirmations,
  read: async ({ name }) => cloud.see(name),
  marks: ({ mark }) => ({ marks: mark === undefined ? [] : [{ deployment: mark }] }),
  diff: (spec, live) => fields(spec, live, ['size', 'upstreamId']),
  missing: ({ consent }) => (consent === undefined ? [] : [{ field: 'consent', reason: 'waiting', manual: consent }]),
  reconcile: async ({ name, size, upstreamId }, live, { owner }) =>
    cloud.put({
      name,
      id: live?.id ?? `id-${name}`,
      mark: owner,
      ...(size !== undefined && { size }),
      ...(upstreamId !== undefined && { upstreamId }),
    }),
  remove: async ({ name }) => cloud.remove(name),
})

export const node = (address: string, spec: Node['spec'], rest: Partial<Node> = {}): Node => ({
  address,
  kind: 'thing',
  spec,
  ...rest,
})

export const context = { now: new Date('2026-01-01T00:00:00Z'), owner: 'toy', signal: new AbortController().signal }

/** No time passes between two polls. */
export const pace: Pace = { timer: instantTimer(), resourceMs: 12_000, refusedMs: 3000, delay: () => 1000 }
