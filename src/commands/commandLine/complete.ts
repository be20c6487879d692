import type { Command as Commander, Option } from 'commander'
import { errorCodes } from '../../core/errorCodes.ts'
import { topics } from './topics.ts'

/** The grammar of the command line, for completion. */
export interface Candidate {
  readonly value: string
  readonly about: string
}

/** Values that only the configuration knows. */
export interface Names {
  deployments(): Promise<readonly string[]>
  addresses(): Promise<readonly string[]>
  outputs(): Promise<readonly string[]>
}

/**
 * Completions for the last of these words. None for a file or free text: the shell then does what it always does.
 */
export async function candidates(root: Commander, words: readonly string[], names: Names): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const { command, position } = commandOf(root, before)
  const pending = optionNamed(command, before.at(-1))
  const found = pending?.required ? await valuesOf(pending, names) : await nextOf(command, { current, position }, names)
  return found.filter(({ value }) => value.startsWith(current))
}

/** The command meant, and how many arguments it has already. */
function commandOf(root: Commander, words: readonly string[]): { command: Commander; position: number } {
  let command = root
  let position = 0
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-') || optionNamed(command, words[index - 1])?.required) continue
    const inner: Commander | undefined = position === 0 ? command.commands.find((one) => one.name() === word) : undefined
    if (inner) command = inner
    else position++
  }
  return { command, position }
}

/** Including those of its parent commands. */
const optionsOf = (command: Commander): readonly Option[] => [
  ...command.createHelp().visibleOptions(command),
  ...(command.parent ? optionsOf(command.parent) : []),
]

const optionNamed = (command: Commander, word: string | undefined): Option | undefined =>
  word === undefined ? undefined : optionsOf(command).find(({ short, long }) => word === short || word === long)

async function valuesOf(option: Option, names: Names): Promise<readonly Candidate[]> {
  if (option.long === '--only') return (await names.deployments()).map((value) => ({ value, about: 'deployment' }))
  return (option.argChoices ?? []).map((value) => ({ value, about: option.description }))
}

interface Place {
  readonly current: string
  readonly position: number
}

async function nextOf(command: Commander, { current, position }: Place, names: Names): Promise<readonly Candidate[]> {
  if (current.startsWith('-')) return flagsOf(command)
  const inner = position === 0 ? command.createHelp().visibleCommands(command) : []
  const own = inner.map((one) => ({ value: one.name(), about: one.summary() }))
  return [...own, ...(await argumentsOf(command, position, names))]
}

const flagsOf = (command: Commander): readonly Candidate[] => {
  const all = optionsOf(command).flatMap(({ long, description }) => (long ? [{ value: long, about: description }] : []))
  return [...new Map(all.map((one) => [one.value, one])).values()]
}

async function argumentsOf(command: Commander, position: number, names: Names): Promise<readonly Candidate[]> {
  if (command.name() === 'adopt') return (await names.addresses()).map((value) => ({ value, about: 'address' }))
  if (command.name() === 'output' && position === 0)
    return (await names.outputs()).map((value) => ({ value, about: 'value of the profile' }))
  if (command.name() === 'help') return [...commandsFor(command), ...subjects()]
  const choices = command.registeredArguments[position]?.argChoices ?? []
  return choices.map((value) => ({ value, about: command.registeredArguments[position]?.description ?? '' }))
}

const commandsFor = ({ parent }: Commander): readonly Candidate[] =>
  (parent?.createHelp().visibleCommands(parent) ?? []).map((one) => ({ value: one.name(), about: one.summary() }))

const subjects = (): readonly Candidate[] => [
  ...Object.entries(topics).map(([value, { summary }]) => ({ value, about: summary })),
  ...errorCodes.map((value) => ({ value, about: 'error' })),
]
