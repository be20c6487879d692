import type { Event } from '../../core/apply.ts'
import type { Action } from '../../core/plan.ts'
import { failuresIn } from '../errors/failure.ts'
import { withCode } from '../errors/failureText.ts'
import { beside, elapsedText, harmless, harmlessLines, pad, width } from '../terminal/line.ts'
import type { Style } from '../terminal/style.ts'
import type { Terminal } from '../view.ts'
import { isNarrow, progress, type Watch } from './progress.ts'

/** Shows events as they happen, on stderr. */
export interface EventDisplay {
  /** The addresses it will report on, so that their lines align. */
  expect(addresses: readonly string[]): void
  show(event: Event): void
  /** Something other than a resource's event is under way, until `idle` is called with the same text. */
  busy(doing: string, detail: string): void
  idle(doing: string): void
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

/** The width of the address column. A very long address may exceed it. */
export const roomFor = (addresses: Iterable<string>): number =>
  Math.min(48, Math.max(0, ...[...addresses].map((address) => width(harmless(address)))))

interface ReportOptions {
  readonly style: Style
  readonly watch: Watch
  readonly verbose: boolean
}

/** Lines for a log: one per event, in order. */
export function log(terminal: Terminal, { style, watch, verbose }: ReportOptions): EventDisplay {
  const last = new Map<string, string>()
  const since = new Map<string, number>()
  let room = 0
  const line = (address: string, text: string): void =>
    terminal.err(
      beside(harmless(address), text, { room, columns: style.columns })
        .map((one) => `${one}\n`)
        .join(''),
    )
  const took = (address: string): string => elapsedText(watch.seconds() - (since.get(address) ?? watch.seconds()))
  const show = (event: Event): void => {
    const { address } = event
    switch (event.type) {
      case 'started':
        since.set(address, watch.seconds())
        line(address, doing[event.action])
        break
      case 'note':
        if (verbose || last.get(address) !== event.message) line(address, harmless(event.message))
        last.set(address, event.message)
        break
      case 'done':
        line(address, `done, ${took(address)}`)
        break
      case 'failed':
        line(address, `failed: ${cause(event.error)}`)
        break
      case 'skipped':
        if (event.waiting) line(address, 'needs manual action')
        break
      default:
        event satisfies never
    }
  }
  const expect = (addresses: readonly string[]): void => {
    room = roomFor(addresses)
  }
  return { expect, show, busy: () => {}, idle: () => {}, around: (write) => write(), close: () => {} }
}

/** A list redrawn in place: what is running, for how long, and its last message. */
export function list(terminal: Terminal, style: Style, watch: Watch): EventDisplay {
  let room = 0
  const running = progress(terminal, style, { watch, room: () => room })
  const { paint, signs } = style
  const finish = (sign: string, address: string, rest: string): void => {
    const time = elapsedText(running.end(address))
    const [name, after] = isNarrow(room, style) ? [harmless(address), time] : [pad(harmless(address), room), time.padStart(5)]
    running.around(() => terminal.err(`${sign} ${name}  ${paint.dim(after)}${rest}\n`))
  }
  const show = (event: Event): void => {
    switch (event.type) {
      case 'started':
        running.start(event.address, doing[event.action])
        break
      case 'note':
        running.note(event.address, event.message)
        break
      case 'done':
        finish(paint.green(signs.done), event.address, '')
        break
      case 'failed':
        finish(paint.red(signs.failed), event.address, '  failed')
        break
      case 'skipped':
        if (event.waiting)
          running.around(() => terminal.err(`${paint.magenta('!')} ${harmless(event.address)}  needs manual action\n`))
        break
      default:
        event satisfies never
    }
  }
  const expect = (addresses: readonly string[]): void => {
    room = roomFor(addresses)
  }
  const idle = (doing: string): void => void running.end(doing)
  return { expect, show, busy: running.start, idle, around: running.around, close: running.close }
}

const cause = (error: unknown): string =>
  harmlessLines(
    failuresIn(error)
      .map(({ message, code }) => withCode(message, code))
      .join('; '),
  )[0] ?? ''
