import type { Terminal } from '../../src/views/view.ts'

export interface Recorder extends Terminal {
  readonly stdout: string
  readonly stderr: string
}

/** A terminal that records what is written to it. */
export function recorder(features: Partial<Pick<Terminal, 'columns' | 'color' | 'live' | 'screen' | 'unicode'>> = {}): Recorder {
  const written = { out: '', err: '' }
  return {
    columns: 80,
    color: false,
    live: false,
    screen: false,
    unicode: true,
    ...features,
    out(text) {
      written.out += text
    },
    err(text) {
      written.err += text
    },
    annotate(text) {
      written.out += text
    },
    get stdout() {
      return written.out
    },
    get stderr() {
      return written.err
    },
  }
}
