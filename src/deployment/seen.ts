import type { Values } from '../core/kind.ts'

/** What a survey saw is plain data of many shapes: these take a part of it where it has the shape that is asked for. */
const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

export const partAt = (from: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, field) => (isValues(inner) ? inner[field] : undefined), from)

export function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  const value = partAt(from, ...path)
  return typeof value === 'string' ? value : undefined
}

/** The blocks of a list; none where there is no list. */
export function blocksAt(from: unknown, ...path: readonly string[]): readonly Values[] {
  const value = partAt(from, ...path)
  return Array.isArray(value) ? value.filter(isValues) : []
}
