import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { substitute } from '../../src/config/read/environment.ts'
import { block, type Entry, off, value } from '../../src/config/write/entry.ts'
import { dataOf, yamlOf } from '../../src/config/write/writing.ts'

const written = (...entries: Entry[]): string => yamlOf({ header: ['A head.'], entries })

/** Text of other people, with what YAML, hma and terminals give a meaning to. */
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\n\r\t :-?[]{},&*!|>\'"%#@`~=.0a\u0000\u001b\u0085\u2028\u202e\ufeff'),
      fc.constantFrom(`$\{HOME}`, '$${', '$$', ' #', '\n---\n', '\r\nkey: ', 'null', 'yes', '1e3', '😀'),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

test('a value is read back unchanged, wherever it came from, and refers to no environment variable', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { name }: { name: unknown } = parse(written(value('name', text)))
      expect(typeof name === 'string' && substitute(name, { HOME: 'elsewhere' })).toMatchObject({
        value: text,
        variables: {},
        unresolved: [],
      })
    }),
  )
})

test('no text escapes from a comment', () => {
  fc.assert(
    fc.property(anything, anything, (one, other) => {
      const entry: Entry = { key: 'name', value: 'x', comment: one, remarks: [other] }
      const unread: Entry = { key: 'lost', unread: one, next: other }
      const text = yamlOf({ header: [other], entries: [entry, off('asleep', one, other), unread, off('list', [one, other])] })
      expect(parse(text)).toEqual({ name: 'x', lost: null })
    }),
  )
})

test('no text moves the cursor or changes the reading direction', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const all = written({ ...value('name', text, text), remarks: [text] }, off('asleep', text), { key: 'lost', unread: text })
      expect(all.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }),
  )
})

describe('the form', () => {
  test('matches the repository’s own configuration', () => {
    const text = written(
      value('name', 'contoso', 'a word'),
      block('keyVault', [
        value('tenantId', 'x'),
        { key: 'resourceGroup', unread: 'you may not', next: 'Ask.' },
        off('create', 'no', 'or yes'),
      ]),
      { ...block('certificate', [value('keySize', 2048)]), remarks: ['A remark.'] },
    )
    expect(text).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=./schemas/hma.schema.json
      # $schema: ./schemas/hma.schema.json

      # A head.

      name: contoso                          # a word

      keyVault:
        tenantId: x
        # Ask.
        resourceGroup:                       # could not be read: you may not; fill in
        # create: no   # or yes

      # A remark.
      certificate:
        keySize: 2048
      "
    `)
  })

  test('long reasons are written above, once for keys that share them', () => {
    const unread = 'because '.repeat(20).trim()
    const text = written(
      block('a', [
        { key: 'b', unread },
        { key: 'c', unread },
      ]),
    )
    expect(text.match(/Could not be read/g)).toHaveLength(1)
    expect(text).toMatch(/^ {2}c: +# could not be read: see above; fill in$/m)
    expect(parse(text)).toEqual({ a: { b: null, c: null } })
  })

  test('the data contains only values that are in effect', () => {
    const entries = [value('a', 1), block('b', [value('c', true), off('d', 'x'), { key: 'e', unread: 'why' }])]
    expect(dataOf(entries)).toEqual({ a: 1, b: { c: true } })
  })
})
