import { rename, rm, writeFile } from 'node:fs/promises'
import { HmaError } from '../../core/errors.ts'
import { fileProblem } from '../../core/fileProblem.ts'

/**
 * Write a file so that whoever reads it sees all of it or the former one. It names resources and tenants, so only its owner may read it.
 * `what` is told where it cannot be written.
 */
export async function replaceFile(path: string, text: string, what: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await writeFile(temporary, text, { mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw new HmaError('HMA115', `The ${what} ${path} cannot be written: ${fileProblem(error)}`, {
      hint: 'Check the path and its permissions.',
      cause: error,
    })
  }
}
