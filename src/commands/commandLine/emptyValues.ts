import type { Command as Commander } from 'commander'
import { HmaError } from '../../core/errors.ts'

/** `-f` has a message of its own, and the shell asks `complete` about empty words. */
const exempt = { option: 'file', command: 'complete' }

/** An empty value is what a script passes for a variable that is not set. */
export function refuseEmptyValues(root: Commander): void {
  root.hook('preAction', (_root, command) => {
    if (command.name() === exempt.command) return
    const values: Readonly<Record<string, unknown>> = command.optsWithGlobals()
    const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.includes(''))
    const known = [...command.options, ...root.options].filter((one) => one.attributeName() !== exempt.option)
    const what =
      known.find((one) => isEmpty(values[one.attributeName()]))?.long ?? (isEmpty(command.args) ? 'An argument' : undefined)
    if (!what) return
    throw new HmaError('HMA112', `${what} is empty`, { hint: 'Give it a value. Perhaps a variable in the command is not set.' })
  })
}
