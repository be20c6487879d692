import { type Reading, step } from './reader.ts'

/** A document without one of its blocks, and without the mistakes in it. */
export function without(reading: Reading, name: string): Reading {
  const { value, places } = reading
  const pointer = step(name)
  const block = places.get(pointer)
  if (block === undefined || typeof value !== 'object' || value === null) return reading
  const [from, to] = block.value
  const outside = (one: string): boolean => one !== pointer && !one.startsWith(`${pointer}/`)
  return {
    value: Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
    places: new Map([...places].filter(([one]) => outside(one))),
    mistakes: reading.mistakes.filter(({ range: [at] }) => at < from || at >= to),
    foreign: reading.foreign.filter((one) => outside(one.pointer)),
    unread: new Set([...reading.unread].filter(outside)),
  }
}
