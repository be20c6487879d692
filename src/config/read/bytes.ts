import { HmaError } from '../../core/errors.ts'
import { fileCode, fileProblem, UnusableFile } from '../../files/problem.ts'
import { readRegular } from './regularFile.ts'

/** The bytes of a small file; undefined if it does not exist. `name` and `holds` are its name and expected content in messages. */
export const readBytes = (path: string, name: string, holds = 'a certificate'): Promise<Buffer | undefined> =>
  readRegular(path).catch((cause: unknown) => {
    if (fileCode(cause) === 'ENOENT') return undefined
    const hint =
      cause instanceof UnusableFile
        ? `It must be a file that contains ${holds} and nothing else.`
        : 'Check the path and its permissions.'
    throw new HmaError('HMA114', `${name} cannot be read: ${fileProblem(cause)}`, { hint, cause })
  })
