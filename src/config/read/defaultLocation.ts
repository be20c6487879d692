import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { defaultFile } from '../defaultFile.ts'

/** Some people write .yml. */
const names = [defaultFile, defaultFile.replace(/yaml$/, 'yml')]

/** The configuration that is read without --file, if there is one. */
export const defaultIn = (directory: string): string | undefined =>
  names.map((name) => join(directory, name)).find((path) => existsSync(path))

/** A hint if there is none: one in the parent folder or a subfolder may be meant. */
export async function withoutDefault(directory: string): Promise<string> {
  const below = await readdir(directory, { withFileTypes: true }).catch(() => [])
  const folders = below
    .filter((one) => one.isDirectory() && !/^(\.|node_modules$)/.test(one.name))
    .map(({ name }) => join(directory, name))
  const [near] = [dirname(directory), ...folders].flatMap((folder) => defaultIn(folder) ?? [])
  if (near !== undefined)
    return `There is one at ${shown(near, directory)}: name it with \`-f ${shown(near, directory)}\`, or run hma in its folder.`
  return '`hma init` creates one from a few answers, `hma import` from an existing profile; `-f` names another file, a folder or a glob.'
}

const shown = (path: string, directory: string): string => relative(directory, path).split(sep).join('/')
