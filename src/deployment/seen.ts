import type { Values } from '../core/kind.ts'

/** A survey yields plain data of many shapes: these functions extract a part if it has the requested shape. */
const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

export const partAt = (from: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, field) => (isValues(inner) ? inner[field] : undefined), from)

export function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  const value = partAt(from, ...path)
  return typeof value === 'string' ? value : undefined
}

/** The objects of a list; empty if there is no list. */
export function blocksAt(from: unknown, ...path: readonly string[]): readonly Values[] {
  const value = partAt(from, ...path)
  return Array.isArray(value) ? value.filter(isValues) : []
}
