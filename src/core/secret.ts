const masked = '«secret»'

/** What the wire was given in this process. A service that refuses may repeat what it was sent. */
const taken = new Set<string>()

/** The text without the values of secrets that were taken out. A value of less than 8 characters may be an ordinary word. */
export const covered = (text: string): string =>
  [...taken]
    .filter((value) => value.length >= 8)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, value) => rest.replaceAll(value, masked), text)

/** A value that cannot be printed, serialised or compared by accident. Only the wire takes it out. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    taken.add(this.#value)
    return this.#value
  }

  toString(): string {
    return masked
  }

  toJSON(): string {
    return masked
  }

  [Symbol.toPrimitive](): string {
    return masked
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return masked
  }
}
