import type { Terminal } from '../view.ts'
import { outgoing } from './outgoing.ts'

/** The part of a writable stream that a terminal uses. */
export interface Stream {
  write(text: string): unknown
  on?(event: 'error', listener: (error: Error) => void): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface Ends {
  readonly stdout: Stream
  readonly stderr: Stream
  readonly env: Environment
  /** False with --no-color. */
  readonly color: boolean
}

/** The two streams as a terminal. Nothing else writes to them. */
export function terminal({ stdout, stderr, env, color }: Ends): Terminal {
  const painted = (stream: Stream): boolean => color && colorful(stream, env)
  const write = (stream: Stream, redrawing: boolean): ((text: string) => void) => {
    // The reader may close the pipe early, as `head` does: that is not an error.
    stream.on?.('error', () => {})
    const allowed = { colour: painted(stream), redrawing }
    return (text) => void stream.write(outgoing(text, allowed))
  }
  const live = stderr.isTTY === true && env.TERM !== 'dumb' && !env.CI
  return {
    out: write(stdout, false),
    err: write(stderr, live),
    annotate: (commands) => void stdout.write(commands),
    get columns() {
      return columns(stdout, stderr, env)
    },
    screen: stdout.isTTY === true,
    color: painted(stdout) || painted(stderr),
    live,
    unicode: unicode(env),
  }
}

/** https://no-color.org and https://force-color.org; the first wins. */
function colorful(stream: Stream, env: Environment): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR)
  return stream.isTTY === true && env.TERM !== 'dumb'
}

function columns(stdout: Stream, stderr: Stream, env: Environment): number {
  const known = stdout.columns ?? stderr.columns ?? Number(env.COLUMNS)
  return Number.isInteger(known) && known >= 20 ? known : 80
}

/** The locale, in POSIX order; Windows has none, and its terminals support Unicode. */
function unicode(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  if (locale) return /utf-?8/i.test(locale)
  return env.OS === 'Windows_NT'
}
