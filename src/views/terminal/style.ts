import pc from 'picocolors'
import type { Terminal } from '../view.ts'
import type { Repeat } from './repeatFlags.ts'

/** How text is written on one terminal. */
export interface Style {
  readonly columns: number
  /** For lines that programs search: not wrapped in a pipe. */
  readonly screenColumns: number
  readonly paint: ReturnType<typeof pc.createColors>
  readonly signs: Signs
  /** A text with this run's flags added to every command it names. */
  readonly repeat: Repeat
}

/** Symbols. */
export interface Signs {
  readonly adopt: string
  readonly arrow: string
  readonly more: string
  readonly done: string
  readonly failed: string
  readonly dot: string
  readonly spinner: readonly string[]
}

const unicode: Signs = { adopt: '±', arrow: '→', more: '…', done: '✓', failed: '✗', dot: '·', spinner: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] }
const ascii: Signs = { adopt: '*', arrow: '->', more: '...', done: 'v', failed: 'x', dot: '|', spinner: [...'-\\|/'] }

export const style = (
  terminal: Pick<Terminal, 'columns' | 'color' | 'unicode' | 'screen'>,
  repeat: Repeat = (text) => text,
): Style => ({
  repeat,
  columns: terminal.columns,
  screenColumns: terminal.screen ? terminal.columns : Number.POSITIVE_INFINITY,
  paint: pc.createColors(terminal.color),
  signs: terminal.unicode ? unicode : ascii,
})
