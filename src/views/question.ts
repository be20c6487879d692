import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { HmaError } from '../core/errors.ts'
import type { Terminal } from './view.ts'

/** Ask the person at the terminal; an error where there is none. */
export async function ask(question: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !terminal.live)
    throw new HmaError('There is nobody to ask: this is not a terminal', {
      hint: 'Run it with --yes to carry it out without a question.',
    })
  const lines = createInterface({ input: process.stdin })
  // Ctrl-D and Ctrl-C leave the cursor behind the question; Ctrl-D says no.
  const end = (): void => terminal.err('\n')
  const closed = once(lines, 'close').then(() => '')
  lines.once('close', end)
  signal.addEventListener('abort', end, { once: true })
  try {
    terminal.err(`${question} [y/N] `)
    return /^y(es)?$/i.test((await Promise.race([lines.question('', { signal }), closed])).trim())
  } finally {
    lines.off('close', end)
    signal.removeEventListener('abort', end)
    lines.close()
  }
}
