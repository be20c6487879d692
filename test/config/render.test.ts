import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigurationInvalid, type Diagnostic, render } from '../../src/config/diagnostic.ts'
import { loadText, valid } from './folder.ts'

const diagnostic = (rest: Partial<Diagnostic>): Diagnostic => ({
  code: 'HMA104',
  severity: 'error',
  file: 'hma.config.yaml',
  line: 12,
  column: 1,
  length: 1,
  message: 'Wrong.',
  ...rest,
})

/** The part of the line over the carets. */
function underlined(text: string): string {
  const [, line = '', carets = ''] = text.split('\n')
  return line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)
}

it('shows the place, the line, a caret under what is meant, and the hint', () => {
  const text = render(diagnostic({ column: 12, length: 4, message: 'No.', hint: 'Yes.', source: '  keySize: 1024 # bits' }))
  expect(text).toBe(
    ['hma.config.yaml:12:12 error No. [HMA104]', '   12 |   keySize: 1024 # bits', '      |            ^^^^', '  Yes.'].join(
      '\n',
    ),
  )
})

it('shows no frame without a line', () => {
  expect(render(diagnostic({ line: 1, hint: 'Look.' }))).toBe('hma.config.yaml:1:1 error Wrong. [HMA104]\n  Look.')
})

describe('the caret', () => {
  it.each([
    ['after a tab', '\tname: x', 8, 1, '  name: x', '        ^'],
    ['after wide letters', '"日本": x', 7, 1, '"日本": x', '        ^'],
    ['under wide letters', '日本: x', 1, 2, '日本: x', '^^^^'],
    ['after a letter of two parts', 'e\u0301: x', 5, 1, 'e\u0301: x', '   ^'],
    ['after an emoji', '😀: x', 5, 1, '😀: x', '    ^'],
    ['at the end of the line', 'name:', 6, 1, 'name:', '     ^'],
  ])('stands right %s', (_, source, column, length, line, carets) => {
    const [, shown, under] = render(diagnostic({ source, column, length })).split('\n')
    expect([shown, under]).toEqual([`   12 | ${line}`, `      | ${carets}`])
  })

  it('stays visible on a long line', () => {
    const source = `${'a'.repeat(5000)} wrong ${'b'.repeat(5000)}`
    const text = render(diagnostic({ source, column: 5002, length: 5 }))
    expect(underlined(text)).toBe('wrong')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(120)
    expect(text.split('\n')[1]).toMatch(/\| …a+ wrong b+…$/)
  })

  it('is not longer than the screen for a long mistake', () => {
    const text = render(diagnostic({ source: 'x'.repeat(5000), column: 1, length: 5000 }))
    expect(underlined(text)).toMatch(/^x+…$/)
  })
})

it('the frame of any text contains no control character and at least one caret', () => {
  const line = fc.string({
    unit: fc.constantFrom('a', ' ', '\t', '\u001b', '\u0007', '\u202e', '\u200b', '日', '😀', '\ud800', '\u0301'),
  })
  fc.assert(
    fc.property(line, fc.nat({ max: 120 }), fc.nat({ max: 120 }), (source, column, length) => {
      const text = render(diagnostic({ source, column: column + 1, length, message: source, file: source }))
      expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
      expect(text.isWellFormed()).toBe(true)
      expect(text.split('\n')).toHaveLength(3)
      expect(text).toMatch(/\| *\^+$/)
    }),
  )
})

it('the error that stops every command contains all of them', async () => {
  const { diagnostics } = await loadText(`${valid}one: 1\ntwo: 2\n`)
  const error = new ConfigurationInvalid(diagnostics)
  expect(error.message).toContain('hma.config.yaml:12:1 error A deployment has no key "one".')
  expect(error.message).toContain('hma.config.yaml:13:1 error A deployment has no key "two".')
})
