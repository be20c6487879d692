import { lstat, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { IsLink, writeWhole } from '../config/write/wholeFile.ts'
import { HmaError } from '../core/errors.ts'
import type { Files } from '../resources/files.ts'

/** The files of this machine. `directory` is where relative paths start. */
export const textFiles = (directory: string): Files => ({
  read: (path) => attempt('read', path, () => readFile(resolve(directory, path), 'utf8')).catch(absent),

  write: (path, text) => attempt('write', path, () => replace(directory, resolve(directory, path), text)),

  remove: (path) => attempt('remove', path, () => rm(resolve(directory, path), { force: true })),
})

/** The configuration says the path: a link there, or on the way there, could lead anywhere. */
async function replace(directory: string, path: string, text: string): Promise<void> {
  for (const folder of foldersBelow(directory, dirname(path)))
    if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink()) throw new IsLink(`${folder} is a symbolic link`)
  await mkdir(dirname(path), { recursive: true })
  await writeWhole(path, text, { mode: 0o666, noLinks: true })
}

/** The folders between the two; where one is not below the other, the last alone. */
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
    const code = codeOf(error)
    if (code === undefined || code === 'ENOENT') throw error
    const hint = 'Check the path in the configuration, and that hma may read and write there.'
    throw new HmaError('HMA115', `${path} cannot be ${participles[verb] ?? verb}: ${reasons[code] ?? code}`, {
      hint,
      cause: error,
    })
  }
}

const participles: Readonly<Record<string, string>> = { read: 'read', write: 'written', remove: 'removed' }

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ELOOP: 'it is a symbolic link, and hma writes through none that a configuration names',
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined
  throw error
}
