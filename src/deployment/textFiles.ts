import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { longest, readRegular } from '../config/read/regularFile.ts'
import { HmaError } from '../core/errors.ts'
import { fileCode, fileProblem, UnusableFile } from '../core/fileProblem.ts'
import type { Files } from '../resources/files.ts'

/** The files of this machine. `directory` is where relative paths start. */
export const textFiles = (directory: string): Files => ({
  read: (path) =>
    attempt('read', path, async () => (await readRegular(resolve(directory, path), longest.written)).toString('utf8')).catch(
      absent,
    ),

  write: (path, text) => attempt('write', path, () => replace(resolve(directory, path), text)),

  remove: (path) => attempt('remove', path, () => rm(resolve(directory, path), { force: true })),
})

/** Written beside it and put in its place, so that nobody ever sees half of it. A link stays a link. */
async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const target = await realpath(path).catch(() => path)
  const draft = `${target}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(draft, text, { flag: 'wx' })
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function attempt<Result>(verb: string, path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = fileCode(error)
    if ((code === undefined && !(error instanceof UnusableFile)) || code === 'ENOENT') throw error
    const hint = 'Check the path in the configuration, and that hma may read and write there.'
    throw new HmaError('HMA115', `${path} cannot be ${participles[verb] ?? verb}: ${fileProblem(error)}`, {
      hint,
      cause: error,
    })
  }
}

const participles: Readonly<Record<string, string>> = { read: 'read', write: 'written', remove: 'removed' }

function absent(error: unknown): undefined {
  if (fileCode(error) === 'ENOENT') return undefined
  throw error
}
