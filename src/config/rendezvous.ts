import { createHash } from 'node:crypto'

/**
 * The shard of a deployment, by its name alone: each shard draws a number for the name, and the highest wins
 * (https://en.wikipedia.org/wiki/Rendezvous_hashing). So a new deployment moves no other, and a new shard takes from
 * the others only its share.
 */
export function shardOf(name: string, of: number): number {
  let [winner, highest] = [0, '']
  for (let index = 0; index < of; index++) {
    const lot = createHash('sha256').update(`${index}\n${name}`).digest('hex')
    if (lot > highest) [winner, highest] = [index, lot]
  }
  return winner
}
