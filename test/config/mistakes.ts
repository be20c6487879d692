import { expect, it } from 'vitest'
import { loadText, valid } from './folder.ts'

/** An addition to or replacement in a valid document, and the diagnostics it causes: place, message, hint. */
export interface Case {
  readonly what: string
  readonly add?: string
  readonly put?: readonly [string, string]
  readonly expected: readonly (readonly [place: string, message: string, hint?: string])[]
}

export const guid = '11111111-1111-1111-1111-111111111111'

/** Exactly these diagnostics and no other, in this order. */
export const reportsMistakes = (cases: readonly Case[]): void =>
  it.each(cases)('$what', async ({ add = '', put: [from, to] = ['', ''], expected }) => {
    const { diagnostics } = await loadText(valid.replace(from, to) + add)
    const found = diagnostics.map(({ severity, line, column, length, message, hint }) => [
      `${severity} ${line}:${column}+${length}`,
      message,
      hint,
    ])
    expect(found).toEqual(expected.map(([place, message, hint]) => [place, message, hint]))
  })
