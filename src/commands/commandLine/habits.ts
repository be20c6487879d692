import type { Command as Commander } from 'commander'
import { HmaError } from '../../core/errors.ts'

/** Commands by the names other tools give them. */
const commands: Readonly<Record<string, string>> = {
  deploy: '`hma apply` plans, asks, and carries it out.',
  up: '`hma apply` plans, asks, and carries it out.',
  diff: '`hma plan` shows what differs, and changes nothing.',
  preview: '`hma plan` shows what would be done, and changes nothing.',
  refresh: 'hma keeps no state: every `hma plan` reads Azure again.',
  state: 'hma keeps no state file: it reads Azure. `hma status` shows what is there.',
  renew: '`hma apply` renews what is due; `hma rotate certificate` or `hma rotate clientSecret` does it now.',
  check: '`hma validate` checks the configuration, `hma verify` the sign-in, `hma doctor` rights and machine.',
  test: '`hma verify` signs in to Exchange as Dynamics does; `hma doctor` looks at rights and machine.',
}

/** Options by the names other tools give them. */
const options: Readonly<Record<string, string>> = {
  'auto-approve': '--yes',
  force: '--yes',
  target: '--only',
  'dry-run': 'hma plan',
}

/** A habit from another tool and hma's name for it. Commands and options that hma has are never habits. */
export function habit(argv: readonly string[], root: Commander): HmaError | undefined {
  const word = argv.find((one) => !one.startsWith('-')) ?? ''
  const hint = Object.hasOwn(commands, word) ? commands[word] : undefined
  if (hint !== undefined && argv.indexOf(word) === 0) return new HmaError('HMA112', `There is no command "${word}"`, { hint })
  const command = root.commands.find((one) => one.name() === word)
  const known = new Set([...root.options, ...(command?.options ?? [])].map(({ long }) => long?.slice(2) ?? ''))
  const [before = argv] = splitAt(argv, '--')
  for (const one of before) {
    const [, dashes = '', name = '', value] = /^(--?)([a-z][a-z-]+)(?:=(.*))?$/.exec(one) ?? []
    if (name === '' || (dashes === '--' && (known.has(name) || !Object.hasOwn(options, name)))) continue
    const ours = known.has(name) ? `--${name}` : options[name]
    if (ours !== undefined) return noSuchOption(one, value === undefined || !ours.startsWith('--') ? ours : `${ours} ${value}`)
  }
  return undefined
}

const noSuchOption = (written: string, ours: string): HmaError =>
  new HmaError('HMA112', `There is no option "${written}"`, { hint: `hma calls it \`${ours}\`.` })

const splitAt = (words: readonly string[], mark: string): readonly (readonly string[])[] => {
  const at = words.indexOf(mark)
  return at < 0 ? [words] : [words.slice(0, at), words.slice(at + 1)]
}
