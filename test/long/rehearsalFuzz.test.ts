import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSnapshot } from '../../src/rehearsal/snapshot.ts'
import { yaml } from '../support/deployment.ts'
import { workplace } from '../support/hma.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** All paths in a value. */
const places = (value: Json): readonly (readonly (string | number)[])[] =>
  (Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : []).flatMap(([name, inner]) => [
    [name],
    ...places(inner).map((rest) => [name, ...rest]),
  ])

const nonsense: readonly Json[] = [
  ...[null, true, 0, -1, 1e300, '', 'x', '2026-13-45T99:99:99Z', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'],
  ...['00000000-0000-0000-0000-000000000000', 'https://', '../..', '{"a":', [], {}, [[]], [null], { value: [] }],
]

/** The value changed, removed or duplicated at a path. */
function altered(document: Json, [name, ...rest]: readonly (string | number)[], change: number): Json {
  if (name === undefined) return nonsense[change % nonsense.length] ?? null
  if (Array.isArray(document)) {
    const index = Number(name)
    const item = document[index] ?? null
    if (rest.length === 0 && change % 7 === 0) return [...document.slice(0, index), item, ...document.slice(index)]
    if (rest.length === 0 && change % 7 === 1) return document.toSpliced(index, 1)
    return document.map((one, at) => (at === index ? altered(one, rest, change) : one))
  }
  if (!isObject(document)) return document
  const { [name]: inner = null, ...others } = document
  return rest.length === 0 && change % 5 === 0 ? others : { ...document, [name]: altered(inner, rest, change) }
}

test('a damaged copy is rehearsed or refused with the place, never with a stack trace', async () => {
  const here = await workplace(yaml({ create: 'rbac', copy: true, mailboxes: ['a@contoso.com'] }))
  try {
    await here.hma('apply --yes --sandbox -q')
    await here.hma('rehearse --sandbox --schedules 0 --every 52w --save copy.json')
    const copy: Json = JSON.parse(await readFile(join(here.directory, 'copy.json'), 'utf8'))
    const all = places(copy)
    const refused = (text: string): string => {
      try {
        readSnapshot(text, 'bad.json')
        return ''
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(all.length - 1), fc.nat(1000), async (place, change) => {
        const text = JSON.stringify(altered(copy, all[place] ?? [], change))
        const said = refused(text)
        expect(said).toMatch(/^$|^bad\.json is not a snapshot that can be rehearsed: (\/|the document|it has the format)/)
        if (said !== '' || change % 10 !== 0) return
        await here.write('bad.json', text)
        const { code, stdout, stderr } = await here.hma('rehearse --from bad.json --schedules 0 --every 52w')
        expect([0, 1, 3]).toContain(code)
        expect(stdout + stderr).not.toMatch(/\n\s+at .+:\d+:\d+|\.ts:\d|TypeError|RangeError|HMA9\d\d|sandbox failed/)
      }),
      { numRuns: 300 },
    )
  } finally {
    await here.leave()
  }
}, 900_000)
