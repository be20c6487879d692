import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, relative, sep } from 'node:path'
import { UnusableFile } from '../../files/problem.ts'

/**
 * Where a configuration lies, which is in no link: a mistake in it is shown with its line, and a link in a repository could lead to
 * anything that hma may read.
 */
export async function unlinked(path: string): Promise<string> {
  const seen = await lstat(path)
  if (!seen.isSymbolicLink()) return path
  const place = await mounted(path)
  if (place === undefined) throw new UnusableFile('it is a symbolic link')
  return place
}

/**
 * A file of a mounted ConfigMap is a link to one of the same name in a folder beside it whose name begins with `..`
 * (https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically).
 */
async function mounted(path: string): Promise<string | undefined> {
  const target = await realpath(path)
  const [folder = '', name, ...more] = relative(await realpath(dirname(path)), target).split(sep)
  return /^\.\.[^.]/.test(folder) && name === basename(path) && more.length === 0 ? target : undefined
}
