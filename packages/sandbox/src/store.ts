import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { World } from './azure.ts'

/** The world in a file; undefined if there is none yet. Throws if the file is not a world of this format. */
export function readWorld(file: string): World | undefined {
  const text = readIfThere(file)
  if (text === undefined) return undefined
  const value = parse(text)
  if (isWorld(value)) return value
  const format =
    typeof value === 'object' && value !== null && 'format' in value ? ` (format ${JSON.stringify(value.format)})` : ''
  throw new Error(
    `${file} is not a world that this sandbox can read${format}. Run \`hma sandbox reset\` to begin with a new one.`,
  )
}

/** Replaces the file in one step: a crash leaves the world as it was before or as it is now. */
export function writeWorld(file: string, world: World): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const beside = `${file}.${randomBytes(8).toString('hex')}.tmp`
  try {
    naming(file, () => writeFileSync(beside, JSON.stringify(world), { flag: 'wx', mode: 0o600 }))
    chmodSync(beside, 0o600)
    renameSync(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** How the file of a world follows what happens in it. */
export interface Kept {
  write(): void
  /** Called once, when nothing is served any more. */
  end(): void
}

/** The file follows every change. */
export function saved(file: string, world: World): Kept {
  const write = (): void => writeWorld(file, world)
  return { write, end: write }
}

/** Only the beginning of the world is in the file, where other processes find the address to call; it is removed unless it was there before. */
export function shown(file: string, world: World, there: boolean): Kept {
  let written = there
  const write = (): void => {
    if (!written) writeWorld(file, world)
    written = true
  }
  return { write, end: () => there || rmSync(file, { force: true }) }
}

/**
 * Saves with `write`: immediately, unless the last save was too recent; callers until then share one save. A pause between two saves
 * is four times as long as a save, so saving a large world takes at most a fifth of the time, however many requests change it.
 */
export function sharedSaves(write: () => void): () => Promise<void> {
  let next: Promise<void> | undefined
  let free = 0
  const saved = (): void => {
    const began = performance.now()
    write()
    const ended = performance.now()
    free = ended + 4 * (ended - began)
  }
  const later = async (milliseconds: number): Promise<void> => {
    await setTimeout(milliseconds)
    next = undefined
    saved()
  }
  return async () => {
    const left = free - performance.now()
    if (next === undefined && left <= 0) return saved()
    next ??= later(left)
    return next
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const slices = ['keys', 'directory', 'resources', 'vaults', 'dataverse', 'exchange']

/**
 * A snapshot replaces the world, except for the running sandbox's keys: its connections and issued tokens
 * depend on them.
 */
export function load(world: World, snapshot: World): void {
  const { keys } = world
  for (const name of Object.keys(world)) Reflect.deleteProperty(world, name)
  Object.assign(world, snapshot, { keys })
}

/** The format number identifies the shape of the content; the rest shows that the file is complete. */
export function isWorld(value: unknown): value is World {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== 1) return false
  const parts: Record<string, unknown> = { ...value }
  const whole = slices.every((name) => typeof parts[name] === 'object' && parts[name] !== null)
  return whole && typeof parts.ahead === 'number' && Array.isArray(parts.seeded)
}

/** An error while writing an open file, such as a full disk, does not name the file. */
export function naming(path: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw error instanceof Error && !('path' in error) ? Object.assign(error, { path }) : error
  }
}
