import fc from 'fast-check'
import { expect } from 'vitest'
import { HmaError } from '../../src/core/errors.ts'

/** Occurs in every answer: no error may reveal it. */
export const hiddenSecret = 'Abc8Q~hush-hush-hush-hush-hush-hush-hush'

type Path = readonly string[]

/** Every place in a value, the whole first. */
const places = (value: unknown, path: Path = []): readonly Path[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))
    : []),
]

function changed(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === name ? changed(one, rest, by) : one))
  return typeof value === 'object' && value !== null ? { ...value, [name]: changed(Reflect.get(value, name), rest, by) } : by
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    undefined,
    null,
    0,
    -1,
    1e300,
    '',
    'x',
    true,
    [],
    {},
    [null],
    [[]],
    { value: null },
    '\u001b[2J',
    '0000-00-00',
    'https://',
    '%',
  ),
)

/** The answer with something else in one place or two; cut off; or anything at all. */
export const wrongBody = (right: unknown): fc.Arbitrary<string> => {
  const all = places(right)
  const oneChange = fc.tuple(fc.constantFrom(...all), odd)
  const changes = fc
    .array(oneChange, { minLength: 1, maxLength: 2 })
    .map((list) => JSON.stringify(list.reduce((value, [path, by]) => changed(value, path, by), right)) ?? '')
  const text = JSON.stringify(right)
  const cut = fc.nat({ max: text.length - 1 }).map((length) => text.slice(0, length))
  const prefixed = fc
    .constantFrom('<html><body>Bad gateway', `${hiddenSecret} `, '\ufeff', 'null', '[]', '"text"')
    .map((before) => before)
  return fc.oneof(
    { weight: 6, arbitrary: changes },
    { weight: 2, arbitrary: cut },
    { weight: 1, arbitrary: prefixed },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary' }),
    },
  )
}

/** What a person could not understand. */
export const gibberish =
  /Cannot (read|convert)|is not (a function|iterable|defined)|\bundefined\b|Unexpected |Invalid (time|URL|Date)|\[object |RestError|SyntaxError|JSON at|URI malformed/

/** The fields that are of another type than they should be. An absent one is for its reader to miss. */
export function wrongTypes(right: unknown, given: unknown, path = ''): readonly string[] {
  if (given === undefined || right === undefined) return []
  // Passed on unchanged and never read.
  if (/\.(raw|requiredAccess)\b/.test(path)) return []
  if (Array.isArray(right)) return Array.isArray(given) ? given.flatMap((one) => wrongTypes(right[0], one, `${path}[]`)) : [path]
  if (typeof right !== typeof given || given === null) return [`${path}: ${typeof given}`]
  if (typeof right !== 'object' || right === null) return []
  return Object.entries(right).flatMap(([name, inner]) => wrongTypes(inner, Reflect.get(Object(given), name), `${path}.${name}`))
}

/** An error for a user: in words, of a length to read, and nothing of what was answered that is secret. */
export function expectWords(error: unknown): void {
  expect(error).toBeInstanceOf(HmaError)
  if (!(error instanceof HmaError)) return
  expect(error.message).not.toMatch(gibberish)
  expect(error.message.length).toBeLessThan(400)
  expect(error.message + error.hint).not.toContain('hush-hush')
}
