import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { type Ends, terminal } from '../../src/views/terminal/terminal.ts'

class Recording extends EventEmitter {
  readonly isTTY: boolean
  readonly columns = 100
  text = ''
  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }
  write(text: string): void {
    this.text += text
  }
}

function screen(env: Ends['env'], { out = true, err = true, color = true } = {}) {
  const [stdout, stderr] = [new Recording(out), new Recording(err)]
  return { ...terminal({ stdout, stderr, env, color }), stdout, stderr }
}

describe('colours', () => {
  const cases: [string, Ends['env'], Parameters<typeof screen>[1], boolean][] = [
    ['on a terminal', {}, {}, true],
    ['not into a pipe', {}, { out: false, err: false }, false],
    ['not with --no-color', { FORCE_COLOR: '1' }, { color: false }, false],
    ['not with NO_COLOR, whatever forces them', { NO_COLOR: '1', FORCE_COLOR: '1' }, {}, false],
    ['an empty NO_COLOR says nothing', { NO_COLOR: '' }, {}, true],
    ['forced into a pipe', { FORCE_COLOR: '1' }, { out: false, err: false }, true],
    ['FORCE_COLOR=0 forbids them', { FORCE_COLOR: '0' }, {}, false],
    ['not on a dumb terminal', { TERM: 'dumb' }, {}, false],
  ]
  test.each(cases)('%s', (_name, env, streams, expected) => {
    expect(screen(env, streams).color).toBe(expected)
  })

  test('a pipe next to a terminal stays free of them', () => {
    const { out, err, stdout, stderr } = screen({}, { out: false })
    out('\u001b[31mred\u001b[39m')
    err('\u001b[31mred\u001b[39m')
    expect([stdout.text, stderr.text]).toEqual(['red', '\u001b[31mred\u001b[39m'])
  })
})

test('lines are redrawn only on a terminal', () => {
  expect(screen({}).live).toBe(true)
  expect(screen({}, { err: false }).live).toBe(false)
  expect(screen({ TERM: 'dumb' }).live).toBe(false)
  expect(screen({ CI: 'true' }).live).toBe(false)
})

test('the locale decides whether to use Unicode', () => {
  const known = (env: Ends['env']): boolean => screen(env).unicode
  expect([known({ LANG: 'de_DE.UTF-8' }), known({ LANG: 'C.utf8' }), known({ OS: 'Windows_NT' })]).toEqual([true, true, true])
  expect([known({ LANG: 'C' }), known({}), known({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' })]).toEqual([false, false, false])
})

test('the width is the terminal’s, or what COLUMNS says, or 80', () => {
  const stream = { write: () => {} }
  const columns = (env: Ends['env']): number => terminal({ stdout: stream, stderr: stream, env, color: true }).columns
  expect([screen({ COLUMNS: '50' }).columns, columns({ COLUMNS: '50' }), columns({}), columns({ COLUMNS: 'x' })]).toEqual([
    100, 50, 80, 80,
  ])
})

test('a reader that closes the pipe is not a failure', () => {
  const { stdout, out } = screen({})
  out('some')
  expect(() => stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).not.toThrow()
})
