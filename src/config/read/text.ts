import { HmaError } from '../../core/errors.ts'
import { fileProblem, UnusableFile } from '../../files/problem.ts'
import { readRegular } from './regularFile.ts'
import { unlinked } from './unlinked.ts'

/** The text of a file, without a byte order mark. UTF-16 is read too, since Windows PowerShell writes it. */
export async function readText(path: string): Promise<string> {
  const bytes = await unlinked(path)
    .then((place) => readRegular(place))
    .catch((cause: unknown) => {
      const hint =
        cause instanceof UnusableFile
          ? 'Is it a configuration? Split a long one into several files.'
          : 'Check the path and its permissions.'
      throw new HmaError('HMA110', `The file cannot be read: ${fileProblem(cause)}.`, { hint, cause })
    })
  return decode(bytes)
}

/** A decoder drops the byte order mark. */
export const encodingOf = (bytes: Uint8Array): 'utf-16le' | 'utf-8' =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'

function decode(bytes: Uint8Array): string {
  try {
    // To YAML, a carriage return alone ends a line; to the parser it does not.
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes).replaceAll(/\r(?!\n)/g, '\n')
  } catch (cause) {
    throw new HmaError('HMA110', 'The file is not text in UTF-8.', { hint: 'Save it as UTF-8.', cause })
  }
}
