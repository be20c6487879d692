import { Thrown, type Value } from './values.ts'

/** Leaves a function or a turn of a loop. What came out before is not lost. */
export class Left {
  readonly by: 'return' | 'continue'
  readonly values: readonly Value[]
  constructor(by: Left['by'], values: readonly Value[]) {
    this.by = by
    this.values = values
  }
}

/** Variables are found up the chain of callers, and set in the nearest scope. */
export class Scope {
  readonly variables = new Map<string, Value>()
  readonly parent: Scope | undefined
  constructor(parent?: Scope) {
    this.parent = parent
  }

  get(name: string): Value {
    const key = name.toLowerCase()
    const own = this.variables.get(key)
    if (own !== undefined) return own
    if (!this.parent) throw new Thrown(`The variable '$${name}' cannot be retrieved because it has not been set`)
    return this.parent.get(name)
  }

  set(name: string, value: Value): void {
    this.variables.set(name.toLowerCase(), value)
  }
}
