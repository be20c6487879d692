import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { HmaError } from '../../core/errors.ts'
import type { Terminal } from '../view.ts'
import { harmless, paragraph, width } from './line.ts'

/** Asks the person at the terminal for a yes; throws if there is none. */
export async function ask(question: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const answer = await answerTo(`${question} [y/N] `, 'Add --yes to skip the question.', {
    terminal,
    signal,
  })
  return /^y(es)?$/i.test(answer ?? '')
}

/** A question whose answer is a text. */
export interface Question {
  readonly text: string
  /** Shown if there is no proposal. */
  readonly example?: string
  /** The answer if the user just presses Enter. */
  readonly proposal?: string
  /** Why an answer is not acceptable; undefined if it is. */
  refuse(answer: string): string | undefined
}

/** Asks until the answer is acceptable; undefined if the user cancels (Ctrl-D). Throws if stdin is not a terminal. */
export async function askFor(question: Question, place: Place): Promise<string | undefined> {
  const { proposal, refuse } = question
  const prompt = promptOf(question, place.terminal.columns)
  for (;;) {
    const line = await answerTo(prompt, 'Give the answers as flags: `hma init --help` lists them.', place)
    if (line === undefined) return undefined
    const answer = line === '' ? (proposal ?? '') : line
    const why = refuse(answer)
    if (why === undefined) return answer
    place.terminal.err(
      paragraph(why, place.terminal.columns, 2)
        .map((one) => `${one}\n`)
        .join(''),
    )
  }
}

/** On one line with the answer where that leaves room for it, otherwise on lines of its own. */
function promptOf({ text, example, proposal }: Question, columns: number): string {
  const hasProposal = proposal !== undefined && proposal !== '-'
  const asked = example === undefined || hasProposal ? text : `${text}, such as ${example}`
  const offer = proposal === undefined ? '' : ` [${harmless(proposal)}]`
  if (width(`${asked}${offer}: `) <= columns - 10) return `${asked}${offer}: `
  return [...paragraph(`${asked}:`, columns, 0), ` ${offer} `].join('\n')
}

interface Place {
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** A person is at the terminal and sees the question. */
export const hasPerson = ({ live }: Pick<Terminal, 'live'>): boolean => process.stdin.isTTY === true && live

/** One line of input, trimmed; undefined at its end. */
async function answerTo(prompt: string, instead: string, { terminal, signal }: Place): Promise<string | undefined> {
  if (!hasPerson(terminal)) throw new HmaError('HMA113', 'Cannot prompt: not a terminal', { hint: instead })
  const lines = createInterface({ input: process.stdin })
  // Ctrl-D and Ctrl-C leave the cursor behind the question.
  const end = (): void => terminal.err('\n')
  const closed = once(lines, 'close').then(() => undefined)
  lines.once('close', end)
  signal.addEventListener('abort', end, { once: true })
  try {
    terminal.err(prompt)
    return (await Promise.race([lines.question('', { signal }), closed]))?.trim()
  } finally {
    lines.off('close', end)
    signal.removeEventListener('abort', end)
    lines.close()
  }
}
