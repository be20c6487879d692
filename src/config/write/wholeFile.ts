import { randomBytes } from 'node:crypto'
import { lstat, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UnusableFile } from '../../files/problem.ts'

interface WriteOptions {
  /** 0600, where left out: a plan names tenants and resources. */
  readonly mode?: number
  /** Whose path the configuration says: a link in a repository could lead anywhere. */
  readonly noLinks?: true
}

/**
 * Write a file so that whoever reads it sees all of it or the former one: under a name that nobody can foresee, beside it, then in its
 * place. A device or a pipe is written to as it is; a link stays one, and what it leads to is written.
 */
export async function writeWhole(path: string, text: string, { mode = 0o600, noLinks }: WriteOptions = {}): Promise<void> {
  const place = await behind(path, noLinks)
  const seen = await lstat(place).catch(() => undefined)
  if (seen && !seen.isFile() && !seen.isDirectory()) return writeFile(place, text)
  const draft = `${place}.${randomBytes(8).toString('hex')}.tmp`
  try {
    await writeFile(draft, text, { flag: 'wx', mode })
    await rename(draft, place)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function behind(path: string, noLinks: true | undefined): Promise<string> {
  const seen = await lstat(path).catch(() => undefined)
  if (!seen?.isSymbolicLink()) return path
  if (noLinks) throw new UnusableFile('it is a symbolic link')
  // One that leads to what is not there yet has no real path.
  return realpath(path).catch(async () => join(dirname(path), await readlink(path)))
}
