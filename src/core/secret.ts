import { masked, maskSecret, unmaskSecret } from './masking.ts'

/** A value that cannot be printed, serialized or compared by accident. Only code that sends it takes it out. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    maskSecret(value)
  }

  reveal(): string {
    return this.#value
  }

  /** For a person who asked to see it. */
  disclose(): string {
    unmaskSecret(this.#value)
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
