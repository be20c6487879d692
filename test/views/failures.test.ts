import { describe, expect, test } from 'vitest'
import { HmaError } from '../../src/core/errors.ts'
import { SurveyFailed } from '../../src/core/survey.ts'
import { human } from '../../src/views/human.ts'
import { json } from '../../src/views/json.ts'
import { recorder } from './recorder.ts'

function told(error: unknown, verbose = false): string {
  const terminal = recorder()
  human(terminal, { quiet: true, verbose }).error(error)
  expect(terminal.stdout).toBe('')
  return terminal.stderr
}

const refused = (): HmaError => new HmaError('HMA302', 'The vault is not reachable', { hint: 'Look at its firewall.' })

describe('failures for people', () => {
  test('the message and, below it, what to do', () => {
    expect(told(refused())).toBe('error  The vault is not reachable [HMA302]\n       Look at its firewall.\n')
  })

  test('a common cause is reported once', () => {
    const failures = [
      { address: 'contoso/vault', error: refused() },
      { address: 'contoso/certificate', error: refused() },
      { address: 'contoso/app', error: new HmaError('HMA402', 'There are two') },
    ]
    expect(told(new SurveyFailed(failures))).toBe(`error  contoso/vault, contoso/certificate: The vault is not reachable [HMA302]
       Look at its firewall.
error  contoso/app: There are two [HMA402]
`)
  })

  test('an unexpected error is reported as a bug, with its stack only with --verbose', () => {
    const bug = new TypeError('x is not a function')
    expect(told(bug)).toBe(`error  Unexpected error. This is a bug in hma. x is not a function [HMA901]
       Run the command again with --verbose, and report what it prints together
       with the output of \`hma doctor\`.
`)
    expect(told(bug, true)).toContain('at ')
    expect(told('thrown as text')).toContain('This is a bug in hma. thrown as text')
  })

  test('a message cannot control the terminal', () => {
    expect(told(new HmaError('HMA901', 'no\u001b[2J\u2066'))).toBe('error  no\\x1b[2J\\u2066 [HMA901]\n')
  })

  test('mistakes in a configuration keep their layout', () => {
    class Invalid extends HmaError {
      readonly diagnostics = [{ line: 1 }]
    }
    const rendered = `\n\na.yaml:1:1 error Wrong.\n  1 | ${'x'.repeat(100)} y\n    | ^`
    expect(told(new Invalid('HMA101', `Not valid.${rendered}`))).toBe(`error  Not valid. [HMA101]${rendered}\n`)
  })
})

describe('failures for programs', () => {
  const lines = (error: unknown): unknown[] => {
    const terminal = recorder()
    json(terminal, { quiet: true }).error(error)
    expect(terminal.stdout).toBe('')
    return terminal.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  test('one line on stderr', () => {
    expect(lines(refused())).toEqual([
      { type: 'error', code: 'HMA302', message: 'The vault is not reachable', hint: 'Look at its firewall.' },
    ])
  })

  test('one line per cause of a failed survey', () => {
    expect(lines(new SurveyFailed([{ address: 'contoso/vault', error: new Error('oh') }]))).toEqual([
      { type: 'error', code: 'HMA901', message: 'oh', addresses: ['contoso/vault'], bug: true },
    ])
  })
})
