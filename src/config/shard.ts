import { createHash } from 'node:crypto'

/** One part of a fleet that is worked on in several runs at once. */
export interface Shard {
  /** From 0 on, as `JOB_COMPLETION_INDEX` of Kubernetes counts. */
  readonly index: number
  readonly of: number
}

/**
 * The part that a deployment falls to, by its name alone: each part draws a lot for the name, and the highest takes it
 * (https://en.wikipedia.org/wiki/Rendezvous_hashing). So a new deployment moves no other one, and a new part takes from
 * the others no more than its share.
 */
export function shardOf(name: string, of: number): number {
  let [winner, highest] = [0, '']
  for (let index = 0; index < of; index++) {
    const lot = createHash('sha256').update(`${index}\n${name}`).digest('hex')
    if (lot > highest) [winner, highest] = [index, lot]
  }
  return winner
}

/** `3/8`: the fourth of eight parts. Nothing where it is no such thing. */
export function readShard(text: string): Shard | undefined {
  const [, index = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  return index !== '' && shard.index < shard.of ? shard : undefined
}
