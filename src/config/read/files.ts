import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { defaultFile } from '../defaultFile.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { defaultIn, withoutDefault } from './defaultLocation.ts'
import { diagnoseFile } from './source.ts'

export interface FoundFiles {
  /** Absolute, without duplicates, in the order in which they were named. */
  readonly files: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The files meant by files, folders (every .yaml and .yml directly in them, by name) and globs. */
export async function findFiles(named: readonly string[], directory: string): Promise<FoundFiles> {
  const answers =
    named.length === 0 ? [await byDefault(directory)] : await Promise.all(named.map((name) => behind(name, directory)))
  return {
    files: [...new Set(answers.flatMap((answer) => (Array.isArray(answer) ? answer : [])))],
    diagnostics: answers.flatMap((answer) => (Array.isArray(answer) ? [] : [answer])),
  }
}

async function byDefault(directory: string): Promise<string[] | Diagnostic> {
  const found = defaultIn(directory)
  if (found !== undefined) return [found]
  const message = `There is no ${defaultFile} in this folder.`
  return diagnoseFile(defaultFile, { code: 'HMA110', message, hint: await withoutDefault(directory) })
}

async function behind(name: string, directory: string): Promise<string[] | Diagnostic> {
  if (name.trim() === '') return diagnoseFile('--file', { code: 'HMA110', ...noName })
  if (name === '-') return diagnoseFile(name, { code: 'HMA110', ...noInput })
  const path = resolve(directory, name)
  const seen = await stat(path).catch(() => undefined)
  if (seen?.isDirectory()) return filled(await inFolder(path), name, 'There is no .yaml or .yml file in this folder.')
  if (seen) return [path]
  if (/[*?[\]{}!()]/.test(name)) return filled(await matching(name, directory), name, 'No file matches.')
  const hint = 'Name a file, a folder or a glob with --file; `hma init` creates one from a few answers.'
  return diagnoseFile(name, { code: 'HMA110', message: 'There is no such file or folder.', hint })
}

const noName = {
  message: 'The path is empty.',
  hint: 'Name a file, a folder or a glob. Perhaps a variable in the command is not set.',
}

/** Paths in a configuration start from its folder; standard input has none. */
const noInput = {
  message: 'hma does not read a configuration from standard input.',
  hint: 'Save it to a file and name the file: paths in it are relative to its folder.',
}

const filled = (files: string[], name: string, message: string): string[] | Diagnostic =>
  files.length > 0 ? files : diagnoseFile(name, { code: 'HMA110', message, hint: 'Check what --file names.' })

async function inFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && /\.ya?ml$/i.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort()
}

async function matching(pattern: string, directory: string): Promise<string[]> {
  const { glob } = await import('tinyglobby')
  const found = await glob(sep === '\\' ? pattern.replaceAll('\\', '/') : pattern, {
    cwd: directory,
    absolute: true,
    expandDirectories: false,
    followSymbolicLinks: false,
  })
  return found.map((path) => resolve(path)).sort()
}

/** A file's name in messages: relative to the working directory if below it. */
export function displayed(file: string, directory: string): string {
  const path = relative(directory, file)
  return path === '' || path.startsWith('..') ? file : path
}
