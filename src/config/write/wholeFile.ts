import { randomBytes } from 'node:crypto'
import { lstat, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UnusableFile } from '../../files/problem.ts'

interface WriteOptions {
  /** Default 0600: a plan names tenants and resources. */
  readonly mode?: number
  /** The path comes from the configuration: a link in a repository could lead anywhere. */
  readonly noLinks?: true
}

/**
 * Writes a file so that readers see all of it or the former one: first next to it under an unpredictable name, then in its
 * place. A device or pipe is written to directly; a link stays a link, and its target is written.
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
  // A link to a missing file has no real path.
  return realpath(path).catch(async () => join(dirname(path), await readlink(path)))
}
