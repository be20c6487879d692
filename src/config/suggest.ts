/** The one of `known` that somebody may have meant by `written`, if one is near enough. */
export function suggest(written: string, known: readonly string[]): string | undefined {
  if (written.length > 64) return undefined
  const folded = written.toLowerCase()
  const near = known
    .map((word) => ({ word, distance: distance(folded, word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= Math.max(1, Math.floor(Math.min(word.length, written.length) / 3)))
  return near.sort((one, other) => one.distance - other.distance)[0]?.word
}

/** The same as a sentence, to begin a hint with. */
export function didYouMean(written: readonly string[], known: readonly string[]): string {
  const near = [...new Set(written.flatMap((word) => suggest(word, known) ?? []))]
  return near.length === 0 ? '' : `Did you mean ${near.join(' and ')}? `
}

/** How many letters to insert, drop, change or swap with a neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let [before, last] = [[] as number[], Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const next = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const least = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same)
      next.push(swapped ? Math.min(least, (before[column - 2] ?? 0) + 1) : least)
    }
    ;[before, last] = [last, next]
  }
  return last[to.length] ?? 0
}
