import { expect, test } from 'vitest'
import { parseYaml } from '../../src/config/read/yaml.ts'

/** Line and message of each mistake. */
function mistakes(text: string): readonly string[] {
  const parsed = parseYaml(text)
  if ('range' in parsed) return [parsed.message]
  return parsed.flatMap((one) =>
    one.mistakes.map(({ range, message }) => `${text.slice(0, range[0]).split('\n').length}: ${message}`),
  )
}

const curly = (mark: string): string => `${mark} is a typographic quote, which YAML does not recognize.`
const space = 'This is a non-breaking space, which YAML does not recognize as a space.'
const open = 'The quote that opens here is not closed on this line.'

test.each([
  ['curly quotes', 'a: 1\nb: “hello”\n', [`2: ${curly('“')}`]],
  ['curly quotes around a colon', 'a: “x: y”\nb: 2\n', [`1: ${curly('“')}`]],
  ['curly quotes in a list', 'a: [‘x’, y]\n', [`1: ${curly('‘')}`]],
  ['a hard space as indentation', 'a:\n\u00a0\u00a0b: 1\n', [`2: ${space}`]],
  ['a hard space after a colon', 'a: 1\nb:\u00a02\n', [`2: ${space}`]],
  ['a quote that is never closed', 'a: 1\nb: "open\nc: 3\nd: 4\n', [`2: ${open}`]],
  ['a single quote that is never closed', "a: 'open\nb: 2\n", [`1: ${open}`]],
  ['a quote that the next one closes', 'a: "open\nb: "two"\nc: 3\n', [`1: ${open}`]],
])('%s: one line, where it begins', (_what, text, expected) => {
  expect(mistakes(text)).toEqual(expected)
})

test.each(['a: it’s “fine”\n', 'a: "“quoted”"\n', 'a: "one\n  two"\n', 'a: Zürich\u00a0West\n', '# “comment”\u00a0\na: 1\n'])(
  '%j is as YAML has it',
  (text) => {
    expect(mistakes(text)).toEqual([])
  },
)
