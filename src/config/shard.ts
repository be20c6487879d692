/** One shard of a fleet that several concurrent runs share. */
export interface Shard {
  /** Counted from 0, like Kubernetes' `JOB_COMPLETION_INDEX`. */
  readonly index: number
  readonly of: number
}

/** `3/8`: the fourth of eight shards. Undefined for anything else. */
export function readShard(text: string): Shard | undefined {
  const [, index = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  return index !== '' && shard.index < shard.of ? shard : undefined
}
