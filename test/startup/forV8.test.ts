import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { forV8 } from '../../scripts/forV8.mjs'

function both(body: string): readonly unknown[] {
  const code = `(() => { ${body} })()`
  return [code, forV8(code)].map((one) => runInNewContext(one))
}

test.each([
  'const a = { x: 1, y: 2 }; return { ...a, y: 3 }',
  'const a = { y: 3 }, b = undefined; return { ...a, ...b, ...{ ...a, z: { ...a, w: 1 } } }',
  'const f = ({ x, ...rest }) => ({ ...rest, f: ({ ...all }) => all }); return f({ x: 1, y: 2 }).f({ z: 3 })',
  "const text = 'ein Gruß – “quoted” 😀'; return [text, text.length, /[–—]|\\u{1F600}/u.test(text), `…`]",
])('a changed chunk does the same: %s', (code) => {
  const [plain, changed] = both(code)
  expect(changed).toEqual(plain)
})

test('objects that begin with a spread share one shape in V8, and everything is ASCII', () => {
  expect(forV8('x = [{ ...a, b }, { ...a }, { b, ...a }]; const { ...c } = a; d = "ß"')).toBe(
    'x = [{ ...null, ...a, b }, { ...a }, { b, ...a }]; const { ...c } = a; d = "\\u00df"',
  )
})

test('a raw string that would change is refused', () => {
  expect(() => forV8('x = String.raw`ß`')).toThrow('raw string')
})
