import distance from 'damerau-levenshtein'

/** The closest match to `written` among `known`, if close enough. */
export function suggest(written: string, known: readonly string[]): string | undefined {
  if (written.length > 64) return undefined
  const folded = written.toLowerCase()
  const near = known
    .map((word) => ({ word, steps: distance(folded, word.toLowerCase()).steps }))
    .filter(({ word, steps }) => steps <= Math.max(1, Math.floor(Math.min(word.length, written.length) / 3)))
  return near.sort((one, other) => one.steps - other.steps)[0]?.word
}

/** The same as a sentence that begins a hint. */
export function didYouMean(written: readonly string[], known: readonly string[]): string {
  const near = [...new Set(written.flatMap((word) => suggest(word, known) ?? []))]
  return near.length === 0 ? '' : `Did you mean ${near.join(' and ')}? `
}
