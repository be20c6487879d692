import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, relative, sep } from 'node:path'
import { UnusableFile } from '../../files/problem.ts'

/**
 * The path of a configuration, free of links: mistakes are shown with their lines, and a link in a repository could lead to
 * any file that hma may read.
 */
export async function unlinked(path: string): Promise<string> {
  const seen = await lstat(path)
  if (!seen.isSymbolicLink()) return path
  const place = await mounted(path)
  if (place === undefined) throw new UnusableFile('it is a symbolic link')
  return place
}

/**
 * A file in a mounted ConfigMap is a link to a file of the same name in a neighbouring folder whose name begins with `..`
 * (https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically).
 */
async function mounted(path: string): Promise<string | undefined> {
  const target = await realpath(path)
  const [folder = '', name, ...more] = relative(await realpath(dirname(path)), target).split(sep)
  return /^\.\.[^.]/.test(folder) && name === basename(path) && more.length === 0 ? target : undefined
}
