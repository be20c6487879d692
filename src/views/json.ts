import type { Event } from '../core/apply.ts'
import { failuresIn, type ReportedFailure } from './errors/failure.ts'
import { type GivenFlags, repeating, withFlags } from './terminal/repeatFlags.ts'
import type { Terminal, View } from './view.ts'

/** Output for programs: results and events on stdout, remarks and failures on stderr, one JSON object per line. */
export function json(
  terminal: Terminal,
  { quiet, flags = { file: [], only: [], sandbox: false } }: { readonly quiet: boolean; readonly flags?: GivenFlags },
): View {
  const repeat = repeating(flags)
  const out = (data: unknown, indent?: number): void => terminal.out(`${encode(data, indent)}\n`)
  const err = (data: unknown): void => terminal.err(`${encode(data)}\n`)
  return {
    plan: (plan) => out(withFlags(plan, repeat), 2),
    // The events show what is done; programs get the plan from `hma plan --json`.
    proposal: () => {},
    event: (event, at) => out(withFlags(line(event, at), repeat)),
    summary: (tally) => out({ type: 'summary', ...tally }),
    outputs: (outputs) => out(outputs, 2),
    proofs: (proofs) => out(withFlags(proofs, repeat), 2),
    statuses: (statuses) => out(withFlags(statuses, repeat), 2),
    diagnosis: (data) => out(data, 2),
    text: (text) => terminal.out(text),
    result: (data) => out(data),
    mistakes: (data) => out(data),
    annotate: () => {},
    note: (message) => (quiet ? undefined : err({ type: 'note', message: repeat(message) })),
    error: (error) => failuresIn(error).forEach((one) => void err({ type: 'error', ...failure(withFlags(one, repeat)) })),
    busy: () => {},
    idle: () => {},
    aside: (write) => write(),
    close: () => {},
  }
}

/** JSON without characters that a terminal or a build agent would interpret. */
export const encode = (data: unknown, indent?: number): string =>
  JSON.stringify(data, null, indent)
    .replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Array(character.length).keys()]
        .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
        .join(''),
    )
    .replace(/##(?=(?:vso|teamcity)?\[)/gi, '#\\u0023')

function line(event: Event, at: Date): Record<string, unknown> {
  const head = { type: event.type, address: event.address, at: at.toISOString() }
  switch (event.type) {
    case 'started':
    case 'done':
      return { ...head, action: event.action }
    case 'note':
      return { ...head, message: event.message }
    case 'failed':
      return { ...head, error: cause(event.error) }
    case 'skipped':
      return { ...head, because: event.because, waiting: event.waiting }
    default:
      return event satisfies never
  }
}

const failure = ({ code, message, hint, addresses, bug, diagnostics }: ReportedFailure): Record<string, unknown> => ({
  ...(code !== undefined && { code }),
  message: diagnostics ? message.split('\n', 1)[0] : message,
  ...(hint !== undefined && { hint }),
  ...(addresses.length > 0 && { addresses }),
  ...(bug && { bug }),
  ...(diagnostics && { diagnostics }),
})

function cause(error: unknown): Record<string, unknown> {
  const told = failuresIn(error)
  const hint = told.find((one) => one.hint !== undefined)?.hint
  const code = told.find((one) => one.code !== undefined)?.code
  const message = told.map((one) => one.message).join('; ')
  return { ...(code !== undefined && { code }), message, ...(hint !== undefined && { hint }) }
}
