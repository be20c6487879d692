import { writeFile } from 'node:fs/promises'
import { writeWhole } from '../../config/write/wholeFile.ts'
import { HmaError } from '../../core/errors.ts'
import { fileProblem } from '../../files/problem.ts'

/** Writes a new configuration; replaces an existing one only with `force`. Throws `taken` if one appeared meanwhile. */
export async function writeNew(path: string, text: string, { force, taken }: { force: boolean; taken: HmaError }): Promise<void> {
  const writing = force ? writeWhole(path, text, { mode: 0o666 }) : writeFile(path, text, { flag: 'wx' })
  await writing.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw taken
    throw new HmaError('HMA115', `The configuration cannot be written to ${path}: ${fileProblem(error)}`, {
      hint: 'Check the path and its permissions.',
      cause: error,
    })
  })
}
