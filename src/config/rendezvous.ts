import { createHash } from 'node:crypto'

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
