import { cut, harmless, pad } from './line.ts'
import type { Style } from './style.ts'
import type { Terminal } from './view.ts'

/** The list of what is running, redrawn in place; what is finished stays above it. */
export interface Progress {
  start(address: string, doing: string): void
  note(address: string, message: string): void
  /** Take it off the list. The answer is how many seconds it ran. */
  end(address: string): number
  /** Write with the list out of the way. */
  around(write: () => void): void
  close(): void
}

interface Running {
  readonly doing: string
  readonly since: number
  note: string
}

/** More at once than this are counted, so that the list fits on a screen. */
const most = 12

export function progress(terminal: Terminal, style: Style, watch: Watch): Progress {
  const running = new Map<string, Running>()
  const { erase, put } = canvas(terminal)
  let turn = 0
  let rest: (() => void) | undefined
  const draw = (): void => put(listing(running, { style, turn, now: watch.seconds() }))
  const settle = (): void => {
    if (running.size > 0) return
    rest?.()
    rest = undefined
  }
  const spin = (): void => {
    turn++
    draw()
  }
  return {
    start(address, doing) {
      running.set(address, { doing, since: watch.seconds(), note: '' })
      rest ??= watch.every(100, spin)
      draw()
    },
    note(address, message) {
      const one = running.get(address)
      if (one) one.note = message
      draw()
    },
    end(address) {
      const since = running.get(address)?.since ?? watch.seconds()
      running.delete(address)
      settle()
      return watch.seconds() - since
    },
    around(write) {
      erase()
      write()
      draw()
    },
    close() {
      erase()
      running.clear()
      settle()
    },
  }
}

/** The last lines of the terminal, written over and over. The echo of Ctrl-C may have moved the cursor from the first column. */
function canvas(terminal: Terminal): { erase(): void; put(lines: readonly string[]): void } {
  let drawn = 0
  const erase = (): void => {
    if (drawn > 0) terminal.err(`\r\u001b[${drawn}A\u001b[0J`)
    drawn = 0
  }
  const put = (lines: readonly string[]): void => {
    erase()
    if (lines.length > 0) terminal.err(lines.map((line) => `${line}\n`).join(''))
    drawn = lines.length
  }
  return { erase, put }
}

interface Moment {
  readonly style: Style
  readonly turn: number
  readonly now: number
}

function listing(running: ReadonlyMap<string, Running>, { style, turn, now }: Moment): readonly string[] {
  const spin = style.signs.spinner[turn % style.signs.spinner.length] ?? ''
  const room = Math.max(0, ...[...running.keys()].map((address) => harmless(address).length))
  const lines = [...running].slice(0, most).map(([address, { doing, since, note }]) => {
    const line = `${spin} ${pad(harmless(address), room)}  ${doing}  ${Math.floor(now - since)} s  ${harmless(note)}`
    return cut(line.trimEnd(), style.columns - 1, style.signs.more)
  })
  return running.size > most ? [...lines, `  and ${running.size - most} more`] : lines
}

/** How a view measures what it shows of time. It decides nothing: the instants of events come with them. */
export interface Watch {
  /** Since some fixed moment. */
  seconds(): number
  /** Call again and again, without keeping the process alive; the answer stops it. */
  every(milliseconds: number, call: () => void): () => void
}

export const watch: Watch = {
  seconds: () => performance.now() / 1000,
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds)
    timer.unref()
    return () => clearInterval(timer)
  },
}
