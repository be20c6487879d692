import { writeWhole } from '../../config/write/wholeFile.ts'
import { HmaError } from '../../core/errors.ts'
import { withoutSecrets } from '../../core/masking.ts'
import { fileProblem } from '../../files/problem.ts'

/** Writes a whole file, readable by its owner only. `what` names it in errors. */
export async function replaceFile(path: string, text: string, what: string): Promise<void> {
  await writeWhole(path, withoutSecrets(text)).catch((error: unknown) => {
    throw new HmaError('HMA115', `The ${what} ${path} cannot be written: ${fileProblem(error)}`, {
      hint: 'Check the path and its permissions.',
      cause: error,
    })
  })
}
