import type { Event } from '../core/apply.ts'
import type { Action } from '../core/plan.ts'
import { tell } from './failure.ts'
import { withCode } from './failureText.ts'
import { harmless, harmlessLines } from './line.ts'
import { progress, type Watch } from './progress.ts'
import type { Style } from './style.ts'
import type { Terminal } from './view.ts'

/** Shows events as they happen, on stderr. */
export interface Happening {
  show(event: Event): void
  around(write: () => void): void
  close(): void
}

const doing = {
  none: 'looking',
  create: 'creating',
  update: 'updating',
  adopt: 'taking over',
  remove: 'removing',
  manual: 'waiting',
} as const satisfies Record<Action, string>

/** Lines for a log: each thing on a line of its own, in the order in which it happens. */
export function log(terminal: Terminal, verbose: boolean): Happening {
  const last = new Map<string, string>()
  const line = (text: string): void => terminal.err(`${text}\n`)
  const show = (event: Event): void => {
    const address = harmless(event.address)
    switch (event.type) {
      case 'started':
        line(`${address}  ${doing[event.action]}`)
        break
      case 'note':
        if (verbose || last.get(event.address) !== event.message) line(`  ${address}  ${harmless(event.message)}`)
        last.set(event.address, event.message)
        break
      case 'done':
        line(`${address}  done`)
        break
      case 'failed':
        line(`${address}  failed: ${cause(event.error)}`)
        break
      case 'skipped':
        if (event.waiting) line(`${address}  waits for a person`)
        break
      default:
        event satisfies never
    }
  }
  return { show, around: (write) => write(), close: () => {} }
}

/** A list that is redrawn in place: what runs, how long, and what it said last. */
export function list(terminal: Terminal, style: Style, watch: Watch): Happening {
  const running = progress(terminal, style, watch)
  const { paint, signs } = style
  const finish = (address: string, text: (seconds: string) => string): void => {
    const seconds = `${Math.round(running.end(address))} s`
    running.around(() => terminal.err(`${text(paint.dim(seconds))}\n`))
  }
  const show = (event: Event): void => {
    const address = harmless(event.address)
    switch (event.type) {
      case 'started':
        running.start(event.address, doing[event.action])
        break
      case 'note':
        running.note(event.address, event.message)
        break
      case 'done':
        finish(event.address, (seconds) => `${paint.green(signs.done)} ${address}  ${seconds}`)
        break
      case 'failed':
        finish(event.address, (seconds) => `${paint.red(signs.failed)} ${address}  failed  ${seconds}`)
        break
      case 'skipped':
        if (event.waiting) running.around(() => terminal.err(`${paint.magenta('!')} ${address}  waits for a person\n`))
        break
      default:
        event satisfies never
    }
  }
  return { show, around: running.around, close: running.close }
}

const cause = (error: unknown): string =>
  harmlessLines(
    tell(error)
      .map(({ message, code }) => withCode(message, code))
      .join('; '),
  )[0] ?? ''
