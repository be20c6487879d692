/** An answer that is not what was asked for: no JSON, or of another shape. It holds nothing of the answer, which may be a secret. */
export class Unreadable extends Error {
  readonly host: string

  constructor(url: string, what: string) {
    super(what)
    this.name = 'Unreadable'
    this.host = new URL(url).host
  }
}
