import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/apply.ts'
import { HmaError } from '../../src/core/errors.ts'
import { human } from '../../src/views/human.ts'
import type { Watch } from '../../src/views/progress/progress.ts'
import { contoso, made } from './example.ts'
import { recorder } from './recorder.ts'

const at = new Date('2026-01-01T00:00:00Z')
const refused = new HmaError('HMA302', 'The vault refused: Forbidden (403)', {
  hint: 'Give the automation principal the role Key Vault Certificates Officer on kv-contoso-mail.',
})

const story: readonly Event[] = [
  { type: 'started', address: 'contoso/vault', action: 'create' },
  { type: 'note', address: 'contoso/vault', message: 'waiting for its name' },
  { type: 'note', address: 'contoso/vault', message: 'waiting for its name' },
  { type: 'done', address: 'contoso/vault', action: 'create' },
  { type: 'started', address: 'contoso/certificate', action: 'update' },
  { type: 'failed', address: 'contoso/certificate', error: refused },
  { type: 'skipped', address: 'contoso/credential', because: 'contoso/certificate', waiting: false },
  { type: 'skipped', address: 'contoso/profile', because: 'contoso/certificate', waiting: false },
  { type: 'skipped', address: 'contoso/adminConsent', because: 'Open this link:\nhttps://login.example/consent', waiting: true },
]

function tell(manner: { quiet: boolean; verbose: boolean }, events = story) {
  const terminal = recorder()
  const view = human(terminal, manner)
  for (const event of events) view.event(event, at)
  view.summary({ done: 1, failed: 1, skipped: 2, waiting: 1 })
  return terminal
}

const problems = `error  contoso/certificate: The vault refused: Forbidden (403) [HMA302]
       Give the automation principal the role Key Vault Certificates Officer on
       kv-contoso-mail.
       Skipped because of it: contoso/credential, contoso/profile

`

describe('an apply, line by line', () => {
  test('events as they happen, then causes with their consequences folded', () => {
    expect(tell({ quiet: false, verbose: false }).stderr).toBe(`contoso/vault  creating
contoso/vault  waiting for its name
contoso/vault  done, 0 s
contoso/certificate  updating
contoso/certificate  failed: The vault refused: Forbidden (403) [HMA302]
contoso/adminConsent  needs manual action
${problems}`)
  })

  test('in a log, addresses are aligned, and long notes wrap in their column', () => {
    const log = (columns: number): string => {
      const terminal = recorder({ columns })
      const view = human(terminal, { quiet: false, verbose: false })
      view.proposal(contoso(made('vault', { action: 'create' }), made('certificateCredential', { action: 'create' })), 'apply')
      view.event({ type: 'started', address: 'contoso/vault', action: 'create' }, at)
      view.event(
        { type: 'note', address: 'contoso/vault', message: 'waiting for Entra to accept the new secret (2 of 3 checks)' },
        at,
      )
      return terminal.stderr
    }
    expect(log(80)).toBe(`contoso/vault                  creating
contoso/vault                  waiting for Entra to accept the new secret (2 of
                               3 checks)
`)
    expect(log(40)).toBe(`contoso/vault                  creating
contoso/vault
    waiting for Entra to accept the new
    secret (2 of 3 checks)
`)
  })

  test('the results are on stdout', () => {
    expect(tell({ quiet: false, verbose: false }).stdout).toBe(`! contoso/adminConsent
    Open this link:
    https://login.example/consent

1 failed, 2 skipped, 1 needs manual action, 1 done.
Run \`hma apply\` again once the cause is fixed. It continues where it stopped.
`)
  })

  test('--quiet keeps results and errors', () => {
    expect(tell({ quiet: true, verbose: false }).stderr).toBe(problems)
    expect(tell({ quiet: true, verbose: false }).stdout).toContain('1 failed, 2 skipped')
  })

  test('--verbose repeats repeated notes', () => {
    expect(tell({ quiet: false, verbose: true }).stderr.match(/waiting for its name/g)).toHaveLength(2)
  })

  test('instructions of the proposal are not repeated, and a common manual action is shown once', () => {
    const waits = ['a', 'b'].map(
      (name): Event => ({ type: 'skipped', address: `contoso/${name}`, because: 'Hold.', waiting: true }),
    )
    const held = { action: 'manual', reason: 'requested', instructions: 'Hold.' } as const
    const ending = (events: readonly Event[]): string => {
      const terminal = recorder()
      const view = human(terminal, { quiet: false, verbose: false })
      view.proposal(contoso(made('a', held), made('b', held)), 'apply')
      for (const event of events) view.event(event, at)
      view.summary({ done: 0, failed: 0, skipped: 0, waiting: 2 })
      return terminal.stdout.split('nothing changes in contoso.\n')[1] ?? ''
    }
    const last = '2 need manual action.\nRun `hma apply` again when that is done.\n'
    expect(ending(waits)).toBe(last)
    expect(ending([...story.slice(0, 1), ...waits])).toBe(`! contoso/a, contoso/b\n    Hold.\n\n${last}`)
  })

  test('all done', () => {
    const terminal = recorder()
    const view = human(terminal, { quiet: false, verbose: false })
    for (const event of story.slice(0, 4)) view.event(event, at)
    view.summary({ done: 1, failed: 0, skipped: 0, waiting: 0 })
    expect(terminal.stdout).toBe('Applied: 1 done.\nRun `hma verify` to prove that sign-in works.\n')
  })
})

describe('an apply on a live terminal', () => {
  /** A watch that the test advances. */
  function stopwatch(): Watch & { pass(seconds: number): void; readonly running: number } {
    const calls = new Set<() => void>()
    let now = 0
    return {
      seconds: () => now,
      every: (_milliseconds, call) => {
        calls.add(call)
        return () => void calls.delete(call)
      },
      pass(seconds) {
        now += seconds
        for (const call of calls) call()
      },
      get running() {
        return calls.size
      },
    }
  }

  /** What a terminal shows after it has obeyed "up n lines" and "clear to the end". */
  function screen(written: string): readonly string[] {
    const lines: string[] = ['']
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is read
    for (const part of written.split(/(\u001b\[\d+[AJ]|\n)/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is read
      const up = /^\u001b\[(\d+)A$/.exec(part)
      if (up) lines.splice(lines.length - 1 - Number(up[1]), Number(up[1]) + 1, '')
      else if (part === '\n') lines.push('')
      else if (!part.startsWith('\u001b')) lines[lines.length - 1] += part
    }
    return lines.slice(0, -1)
  }

  test('running items are listed with seconds and last note; finished ones stay above', () => {
    const terminal = recorder({ live: true, columns: 60 })
    const watch = stopwatch()
    const view = human(terminal, { quiet: false, verbose: false, watch })
    view.event({ type: 'started', address: 'contoso/vault', action: 'create' }, at)
    view.event({ type: 'started', address: 'contoso/keyVaultApp', action: 'update' }, at)
    watch.pass(3)
    view.event({ type: 'note', address: 'contoso/vault', message: `waiting for ${'very '.repeat(20)}long` }, at)
    expect(screen(terminal.stderr)).toEqual([
      '⠙ contoso/vault          3 s  creating',
      '    waiting for very very very very very very very very',
      '    very very very very very very very very very very very',
      '    very long',
      '⠙ contoso/keyVaultApp    3 s  updating',
    ])
    view.event({ type: 'done', address: 'contoso/vault', action: 'create' }, at)
    view.note('A remark.')
    expect(screen(terminal.stderr)).toEqual(['✓ contoso/vault    3 s', 'A remark.', '⠙ contoso/keyVaultApp    3 s  updating'])
    view.event({ type: 'failed', address: 'contoso/keyVaultApp', error: refused }, at)
    expect(watch.running).toBe(0)
    expect(screen(terminal.stderr)).toEqual(['✓ contoso/vault    3 s', 'A remark.', '✗ contoso/keyVaultApp    3 s  failed'])
  })

  test('notes are shown next to their address if there is room, and addresses are aligned', () => {
    const shown = (columns: number): readonly string[] => {
      const terminal = recorder({ live: true, columns })
      const watch = stopwatch()
      const view = human(terminal, { quiet: false, verbose: false, watch })
      view.proposal(contoso(made('vault', { action: 'create' }), made('certificateCredential', { action: 'create' })), 'apply')
      view.event({ type: 'started', address: 'contoso/vault', action: 'create' }, at)
      watch.pass(125)
      view.event({ type: 'note', address: 'contoso/vault', message: 'waiting until Entra shows it, 4 of 5 good reads' }, at)
      const running = screen(terminal.stderr)
      view.event({ type: 'done', address: 'contoso/vault', action: 'create' }, at)
      return [...running, ...screen(terminal.stderr)]
    }
    expect(shown(110)).toEqual([
      '⠙ contoso/vault                  2 m 5 s  creating  waiting until Entra shows it, 4 of 5 good reads',
      '✓ contoso/vault                  2 m 5 s',
    ])
    expect(shown(40)).toEqual([
      '⠙ contoso/vault  2 m 5 s',
      '    waiting until Entra shows it, 4 of',
      '    5 good reads',
      '✓ contoso/vault  2 m 5 s',
    ])
  })

  test('work before the first event is shown, updated in place, and removed when it ends or fails', () => {
    const terminal = recorder({ live: true })
    const watch = stopwatch()
    const view = human(terminal, { quiet: false, verbose: false, watch })
    view.busy('Planning', '0 of 3 deployments')
    view.busy('Signing in', 'to 2 tenants')
    watch.pass(12)
    view.idle('Signing in')
    view.busy('Planning', '2 of 3 deployments')
    expect(screen(terminal.stderr)).toEqual(['⠙ Planning   12 s  2 of 3 deployments'])
    view.aside(() => terminal.err('Enter the code ABC.\n'))
    view.error(refused)
    expect(screen(terminal.stderr).at(0)).toBe('Enter the code ABC.')
    expect(screen(terminal.stderr).at(-1)).toBe('⠙ Planning   12 s  2 of 3 deployments')
    view.idle('Planning')
    expect(watch.running).toBe(0)
    expect(screen(terminal.stderr).join('\n')).not.toContain('Planning')
  })

  test.each([
    ['a pipe', { live: false }, { quiet: false, verbose: false }],
    ['--quiet', { live: true }, { quiet: true, verbose: false }],
    ['-v, whose trace says it', { live: true }, { quiet: false, verbose: true }],
  ])('nothing of it with %s', (_what, features, manner) => {
    const terminal = recorder(features)
    const view = human(terminal, manner)
    view.busy('Planning', 'contoso')
    view.idle('Planning')
    expect(terminal.stderr + terminal.stdout).toBe('')
  })

  test('items that do not fit on the screen are counted', () => {
    const terminal = recorder({ live: true })
    const view = human(terminal, { quiet: false, verbose: false, watch: stopwatch() })
    for (let index = 0; index < 20; index++) view.event({ type: 'started', address: `contoso/a${index}`, action: 'create' }, at)
    expect(screen(terminal.stderr)).toHaveLength(17)
    expect(screen(terminal.stderr).at(-1)).toBe('  and 4 more')
  })

  test('closing removes the list and stops the timer', () => {
    const terminal = recorder({ live: true })
    const watch = stopwatch()
    const view = human(terminal, { quiet: false, verbose: false, watch })
    view.event({ type: 'started', address: 'contoso/vault', action: 'create' }, at)
    view.close()
    expect(watch.running).toBe(0)
    expect(screen(terminal.stderr)).toEqual([])
  })
})
