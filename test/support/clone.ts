import { execFileSync } from 'node:child_process'
import { cpSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A fresh clone with everything installed, as `npm ci --ignore-scripts` leaves it; including uncommitted changes. */
export function clone(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'hma-clone-'))
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  installed(folder)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The installed packages, hard-linked if on the same disk, since copying them takes a minute. */
function installed(folder: string): void {
  const packages = join(root, 'node_modules')
  try {
    linkSync(join(root, 'package.json'), join(folder, 'one-disk'))
    rmSync(join(folder, 'one-disk'))
    execFileSync('cp', ['-al', packages, folder])
  } catch {
    cpSync(packages, join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  }
  rmSync(join(folder, 'node_modules', '.cache'), { recursive: true, force: true })
}
