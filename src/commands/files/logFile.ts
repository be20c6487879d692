import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { HmaError } from '../../core/errors.ts'
import { fileProblem, UnusableFile } from '../../files/problem.ts'

/** A log file of timestamped lines, readable by its owner only. */
export interface LogFile {
  write(text: string): void
  /** Throws if something could not be written. */
  close(): void
}

/** Written synchronously, so that it is complete however the process ends. Links are not followed; pipes and devices are refused. */
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
