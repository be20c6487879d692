import pLimit, { type LimitFunction } from 'p-limit'

/** Runs `call` when no other call with the same key is under way. */
export type InTurn = <T>(key: string, call: () => Promise<T>) => Promise<T>

export function oneAtATime(): InTurn {
  const turns = new Map<string, LimitFunction>()
  return (key, call) => {
    const turn = turns.get(key) ?? pLimit(1)
    turns.set(key, turn)
    return turn(call)
  }
}
