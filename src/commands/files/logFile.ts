import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { HmaError } from '../../core/errors.ts'
import { fileProblem, UnusableFile } from '../../files/problem.ts'

/** A file that grows line by line, each with its time, for its owner's eyes. */
export interface LogFile {
  write(text: string): void
  /** An error where something could not be kept. */
  close(): void
}

/** Written at once, so that it is whole however the process ends. A link is not followed, and a pipe or a device is refused. */
export function openLog(path: string, now: () => number): LogFile {
  const file = attempt(path, () => openRegular(path))
  let lost: unknown
  return {
    write(text) {
      const at = new Date(now()).toISOString()
      const lines = text.replace(/\n$/, '').split('\n')
      try {
        if (lost === undefined) writeSync(file, lines.map((line) => `${at}  ${line}\n`).join(''))
      } catch (error) {
        lost = error
      }
    },
    close() {
      closeSync(file)
      attempt(path, () => {
        if (lost !== undefined) throw lost
      })
    },
  }
}

function openRegular(path: string): number {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants
  // Windows has neither of the last two.
  const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0), 0o600)
  if (fstatSync(file).isFile()) return file
  closeSync(file)
  throw new UnusableFile('it is not a regular file')
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    const hint = 'Check the path and its permissions.'
    throw new HmaError('HMA115', `The log ${path} cannot be written: ${fileProblem(cause)}`, { hint, cause })
  }
}
