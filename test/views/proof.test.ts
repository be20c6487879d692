import { describe, expect, test } from 'vitest'
import { human } from '../../src/views/human.ts'
import { json } from '../../src/views/json.ts'
import { width } from '../../src/views/terminal/line.ts'
import type { Proof } from '../../src/views/view.ts'
import { recorder } from './recorder.ts'

const broken: Proof = {
  ok: false,
  at: '2026-01-01T00:00:00.000Z',
  checks: [
    { name: 'tls', status: 'passed', detail: 'mail.contoso.com answers over TLSv1.3.' },
    { name: 'challenge', status: 'failed', detail: 'Exchange offers Basic and no Bearer: OAuth is off.', hint: 'Switch it on.' },
    { name: 'certificate', status: 'warning', detail: 'It expires soon.', hint: 'Run `hma apply`: the certificate is due.' },
    { name: 'inbox', status: 'skipped', detail: 'Skipped, because challenge failed.' },
  ],
}

const shown = (proof: Proof, features: Parameters<typeof recorder>[0] = {}): string => {
  const terminal = recorder(features)
  human(terminal, { quiet: true, verbose: false }).proofs({ contoso: proof })
  return terminal.stdout
}

describe('a proof', () => {
  test('shows a line per step, the remedy below it, and a conclusion', () => {
    expect(shown(broken)).toBe(
      [
        'contoso',
        '  ✓ tls          mail.contoso.com answers over TLSv1.3.',
        '  ✗ challenge    Exchange offers Basic and no Bearer: OAuth is off.',
        '                 Switch it on.',
        '  ! certificate  It expires soon.',
        '                 Run `hma apply`: the certificate is due.',
        '  - inbox        Skipped, because challenge failed.',
        '',
        '  1 passed, 1 failed, 1 warning, 1 skipped: sign-in is broken.',
        '',
      ].join('\n'),
    )
  })

  test.each(['clock', 'ownSignIn', 'ownReads'])('what keeps hma from trying (%s) does not break sign-in', (name) => {
    const checks = [{ name, status: 'failed', detail: 'It is wrong.' }] as const
    expect(shown({ ok: false, at: '2026-01-01T00:00:00.000Z', checks })).toContain('1 failed: sign-in is not proven.')
  })

  test('counts passed steps as proven and skipped steps as not proven', () => {
    const [first, , , last] = broken.checks
    expect(shown({ ok: true, at: '2026-01-01T00:00:00.000Z', checks: first && last ? [first, last] : [] })).toContain(
      '1 passed, 1 skipped: the skipped steps are not proven.',
    )
    expect(shown({ ok: true, at: '2026-01-01T00:00:00.000Z', checks: first ? [first] : [] })).toContain(
      '1 passed: sign-in works.',
    )
  })

  test('fits a narrow terminal and an ASCII terminal', () => {
    const text = shown(broken, { columns: 40, unicode: false })
    expect(text).toMatch(/^[\n\x20-\x7e]*$/)
    expect(Math.max(...text.split('\n').map(width))).toBeLessThanOrEqual(40)
  })

  test('no text of a server reaches the terminal as a control character', () => {
    const evil: Proof = {
      ok: false,
      at: '2026-01-01T00:00:00.000Z',
      checks: [{ name: 'inbox', status: 'failed', detail: '\u001b[2Jgone\r\n\u202e', hint: '\u0007' }],
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(shown(evil)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  test('is JSON by deployment', () => {
    const terminal = recorder()
    json(terminal, { quiet: true }).proofs({ contoso: broken })
    expect(JSON.parse(terminal.stdout)).toEqual({ contoso: broken })
  })
})
