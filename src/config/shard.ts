/** One part of a fleet that is worked on in several runs at once. */
export interface Shard {
  /** From 0 on, as `JOB_COMPLETION_INDEX` of Kubernetes counts. */
  readonly index: number
  readonly of: number
}

/** `3/8`: the fourth of eight parts. Nothing where it is no such thing. */
export function readShard(text: string): Shard | undefined {
  const [, index = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  return index !== '' && shard.index < shard.of ? shard : undefined
}
