import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { HmaError } from '../../core/errors.ts'
import { fileProblem } from '../../files/problem.ts'
import type { Environment } from './environment.ts'
import { readRegular } from './regularFile.ts'
import { encodingOf } from './text.ts'

/** The variables of these files, as `node --env-file` reads them (https://nodejs.org/api/cli.html#--env-fileconfig): a later file wins. */
export async function readEnvFiles(files: readonly string[], directory: string): Promise<Environment> {
  const variables: Environment[] = []
  for (const file of files) variables.push(await readEnvFile(file, directory))
  return Object.assign({}, ...variables)
}

async function readEnvFile(file: string, directory: string): Promise<Environment> {
  try {
    const bytes = await readRegular(resolve(directory, file))
    return parseEnv(new TextDecoder(encodingOf(bytes)).decode(bytes))
  } catch (cause) {
    const hint = 'Name a file with one line NAME=value for each variable.'
    throw new HmaError('HMA114', `The file of --env-file, ${file}, cannot be read: ${fileProblem(cause)}`, { hint, cause })
  }
}
