import { lstat, mkdir, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { longest, readRegular } from '../config/read/regularFile.ts'
import { writeWhole } from '../config/write/wholeFile.ts'
import { HmaError } from '../core/errors.ts'
import { fileCode, fileProblem, UnusableFile } from '../files/problem.ts'
import type { Files } from '../resources/files.ts'

/** The files of this machine. `directory` is where relative paths start. */
export const textFiles = (directory: string): Files => ({
  read: (path) =>
    attempt('read', path, async () => (await readRegular(resolve(directory, path), longest.written)).toString('utf8')).catch(
      absent,
    ),

  write: (path, text) => attempt('write', path, () => replace(directory, resolve(directory, path), text)),

  remove: (path) => attempt('remove', path, () => rm(resolve(directory, path), { force: true })),
})

/** The path comes from the configuration: a link in it could lead anywhere. */
async function replace(directory: string, path: string, text: string): Promise<void> {
  for (const folder of foldersBelow(directory, dirname(path)))
    if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink()) throw new UnusableFile(`${folder} is a symbolic link`)
  await mkdir(dirname(path), { recursive: true })
  await writeWhole(path, text, { mode: 0o666, noLinks: true })
}

/** The folders between the two; if neither contains the other, only the last. */
function foldersBelow(directory: string, folder: string): readonly string[] {
  const way = relative(directory, folder)
  if (way === '') return []
  if (isAbsolute(way) || way.split(sep)[0] === '..') return [folder]
  const names = way.split(sep)
  return names.map((_, index) => join(directory, ...names.slice(0, index + 1)))
}

async function attempt<Result>(verb: string, path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = fileCode(error)
    if ((code === undefined && !(error instanceof UnusableFile)) || code === 'ENOENT') throw error
    const hint = 'Check the path in the configuration, and that hma may read and write there.'
    throw new HmaError('HMA115', `${path} cannot be ${pastTense[verb] ?? verb}: ${fileProblem(error)}`, {
      hint,
      cause: error,
    })
  }
}

const pastTense: Readonly<Record<string, string>> = { read: 'read', write: 'written', remove: 'removed' }

function absent(error: unknown): undefined {
  if (fileCode(error) === 'ENOENT') return undefined
  throw error
}
