import { expect, test } from 'vitest'
import type { Event } from '../../src/core/apply.ts'
import { HmaError } from '../../src/core/errors.ts'
import { json } from '../../src/views/json.ts'
import { contoso, mixed } from './example.ts'
import { recorder } from './recorder.ts'

const at = new Date('2026-01-01T00:00:00Z')

test('a plan is the plan file, and a proposal is not printed', () => {
  const terminal = recorder()
  const view = json(terminal, { quiet: false })
  const plan = contoso(...mixed)
  view.proposal(plan, 'apply')
  view.plan(plan)
  expect(JSON.parse(terminal.stdout)).toEqual(JSON.parse(JSON.stringify(plan)))
  expect(terminal.stdout).toMatch(/^\{\n {2}"formatVersion": "1.0",\n/)
})

test('an apply is one object per line, and a summary', () => {
  const terminal = recorder()
  const view = json(terminal, { quiet: false })
  const address = 'contoso/vault'
  const events: readonly Event[] = [
    { type: 'started', address, action: 'create' },
    { type: 'note', address, message: 'a "note"\nof two lines' },
    { type: 'done', address, action: 'create' },
    { type: 'failed', address, error: new HmaError('HMA901', 'no', { hint: 'yes' }) },
    { type: 'skipped', address, because: 'contoso/app', waiting: false },
  ]
  for (const event of events) view.event(event, at)
  view.summary({ done: 1, failed: 1, skipped: 1, waiting: 0 })
  const head = { address, at: '2026-01-01T00:00:00.000Z' }
  expect(
    terminal.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { type: 'started', ...head, action: 'create' },
    { type: 'note', ...head, message: 'a "note"\nof two lines' },
    { type: 'done', ...head, action: 'create' },
    { type: 'failed', ...head, error: { code: 'HMA901', message: 'no', hint: 'yes' } },
    { type: 'skipped', ...head, because: 'contoso/app', waiting: false },
    { type: 'summary', done: 1, failed: 1, skipped: 1, waiting: 0 },
  ])
})

test('no raw control character is printed, and the data is unchanged', () => {
  const terminal = recorder()
  const nasty = 'a\u001b[2J\u009b\u202e\u2028\u{e0041}é'
  json(terminal, { quiet: false }).result({ nasty }, '')
  expect(terminal.stdout).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}]*\n$/u)
  expect(JSON.parse(terminal.stdout)).toEqual({ nasty })
})
