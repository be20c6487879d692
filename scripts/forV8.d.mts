/** A chunk of the bundle, changed so that V8 reads and runs it faster, and means the same. Throws for a raw string that is not ASCII. */
export function forV8(code: string): string
