/** An answer that is not what was requested: not JSON, or another shape. It quotes nothing from the answer, which may contain a secret. */
export class Unreadable extends Error {
  readonly host: string

  constructor(url: string, what: string) {
    super(what)
    this.name = 'Unreadable'
    this.host = new URL(url).host
  }
}
