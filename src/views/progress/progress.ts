import { cut, elapsedText, harmless, pad, paragraph, width } from '../terminal/line.ts'
import type { Style } from '../terminal/style.ts'
import type { Terminal } from '../view.ts'

/** The list of what is running, redrawn in place; finished items stay above it. */
export interface Progress {
  /** Called again, it changes the text; the time keeps running. */
  start(address: string, doing: string): void
  note(address: string, message: string): void
  /** Takes it off the list and returns how many seconds it ran. */
  end(address: string): number
  /** Writes with the list out of the way. */
  around(write: () => void): void
  close(): void
}

interface Running {
  readonly doing: string
  readonly since: number
  note: string
}

/** Beyond this many lines the rest are counted, so that the list fits on a screen. */
const most = 16

interface ProgressOptions {
  readonly watch: Watch
  /** The minimum width of the addresses. */
  room(): number
}

export function progress(terminal: Terminal, style: Style, { watch, room }: ProgressOptions): Progress {
  const running = new Map<string, Running>()
  const { erase, put } = canvas(terminal)
  let turn = 0
  let rest: (() => void) | undefined
  const draw = (): void => put(listing(running, { style, turn, now: watch.seconds(), room: room() }))
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
      const since = running.get(address)?.since ?? watch.seconds()
      running.set(address, { doing, since, note: '' })
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
      if (rest) draw()
      else erase()
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

/** The last lines of the terminal, rewritten in place. The echo of Ctrl-C may have moved the cursor from the first column. */
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
  readonly room: number
}

function listing(running: ReadonlyMap<string, Running>, moment: Moment): readonly string[] {
  const room = Math.max(moment.room, ...[...running.keys()].map((address) => width(harmless(address))))
  const lines: string[] = []
  let shown = 0
  for (const [address, one] of running) {
    const more = entry(harmless(address), one, { ...moment, room })
    if (lines.length + more.length > most) break
    lines.push(...more)
    shown++
  }
  return running.size > shown ? [...lines, `  and ${running.size - shown} more`] : lines
}

/** Too narrow for columns. */
export const isNarrow = (room: number, { columns }: Style): boolean => room + 22 > columns

/** What is being waited for matters most: if it does not fit on the line, it gets its own. */
function entry(address: string, { doing, since, note }: Running, { style, turn, now, room }: Moment): readonly string[] {
  const { columns, signs } = style
  const spin = signs.spinner[turn % signs.spinner.length] ?? ''
  const narrow = isNarrow(room, style)
  const time = elapsedText(now - since)
  const head = narrow ? `${spin} ${address}  ${time}` : `${spin} ${pad(address, room)}  ${time.padStart(5)}  ${doing}`
  const said = harmless(note)
  const line = `${head}  ${said}`
  const lines = said === '' ? [head] : width(line) < columns ? [line] : [head, ...paragraph(said, columns - 1, 4).slice(0, 3)]
  return lines.map((one) => cut(one, columns - 1, signs.more))
}

/** The clock of a view, for display only: events carry their own instants. */
export interface Watch {
  /** Since some fixed moment. */
  seconds(): number
  /** Calls repeatedly without keeping the process alive; the returned function stops it. */
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
