/** Foreign JSON, narrowed step by step. */

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object, where a description or a record has to have one. */
export function fields(value: unknown): Fields {
  if (!isFields(value)) throw new Error(`Not an object: ${JSON.stringify(value)?.slice(0, 80)}`)
  return value
}

/** An object, or one without anything in it. */
export const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {})

export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textsIn = (value: unknown): readonly string[] => listIn(value).filter((each) => typeof each === 'string')

export const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What a body says, or undefined where it is not JSON. */
export function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return value
  } catch {
    return undefined
  }
}
