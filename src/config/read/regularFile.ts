import { constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises'
import { basename, dirname, relative, sep } from 'node:path'
import { HmaError } from '../../core/errors.ts'

/**
 * Open a file that is one: a mistake in it is shown with its line, and a link in a repository could lead to anything that hma may read.
 * What the system throws is thrown as it is.
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const seen = await lstat(path)
  const place = seen.isSymbolicLink() ? await mounted(path) : path
  if (place === undefined) throw notRegular('It is a symbolic link')
  if (!(await stat(place)).isFile()) throw notRegular('It is not a regular file')
  // Not even where it became a link a moment ago. Windows has no such flag.
  return open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
}

const notRegular = (what: string): HmaError =>
  new HmaError('HMA110', `${what}, and hma reads a configuration from regular files alone.`, { hint: 'Name the file itself.' })

/**
 * A file of a mounted ConfigMap is a link to one of the same name in a folder beside it whose name begins with `..`
 * (https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically).
 */
async function mounted(path: string): Promise<string | undefined> {
  const target = await realpath(path)
  const [folder = '', name, ...more] = relative(await realpath(dirname(path)), target).split(sep)
  return /^\.\.[^.]/.test(folder) && name === basename(path) && more.length === 0 ? target : undefined
}
