import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { absent } from './absent.ts'
import { type Fields, fields } from './json.ts'

const nextToRepository = join(import.meta.dirname, '..', '..', '..', 'shared', 'specs')

/** The path of Microsoft's descriptions, which are not part of this repository. */
export const specsFolder = (): string => resolve(process.env.HMA_SPECS ?? nextToRepository)

export const hasSpecs = (folder: string = specsFolder()): boolean => existsSync(join(folder, 'graph', 'openapi.json'))

/** One document of the descriptions, by its path below their folder. */
export type Read = (path: string) => unknown

export function reader(folder: string = specsFolder()): Read {
  const known = new Map<string, unknown>()
  return (path) => {
    if (!known.has(path)) known.set(path, absent[path] ?? JSON.parse(readFileSync(join(folder, path), 'utf8')))
    return known.get(path)
  }
}

export const document = (read: Read, path: string): Fields => fields(read(path))
