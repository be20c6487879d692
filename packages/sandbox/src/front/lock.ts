import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { naming } from '../store.ts'

/** The process that serves a world's file. */
export interface Holder {
  readonly pid: number
  /** 0 until it listens. */
  readonly port: number
}

export interface Lock {
  /** Tells others where the holder listens. */
  listening(port: number): void
  release(): void
}

/** Process ids are reused, in containers at once: what this process holds is tracked here, not by its id. */
const ours = new Set<string>()

const lockFile = (file: string): string => `${file}.lock`

/** The living process that serves this file now. */
export function holderOf(file: string): Holder | undefined {
  const holder = read(lockFile(file))
  if (holder === undefined) return undefined
  return (holder.pid === process.pid ? ours.has(file) : isAlive(holder.pid)) ? holder : undefined
}

/** Locks the file for this process; throws if another one serves it. The lock of a dead process does not count. */
export function lock(file: string): Lock {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (!take(file)) throw new Error(inUse(file))
  ours.add(file)
  return {
    listening: (port) => naming(lockFile(file), () => writeFileSync(lockFile(file), text(port), { mode: 0o600 })),
    release: () => {
      ours.delete(file)
      rmSync(lockFile(file), { force: true })
    },
  }
}

function take(file: string): boolean {
  if (create(file)) return true
  if (holderOf(file) !== undefined) return false
  rmSync(lockFile(file), { force: true })
  return create(file)
}

function create(file: string): boolean {
  try {
    naming(lockFile(file), () => writeFileSync(lockFile(file), text(0), { flag: 'wx', mode: 0o600 }))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function inUse(file: string): string {
  const holder = holderOf(file)
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`
  const where = holder !== undefined && holder.port > 0 ? ` on port ${holder.port}` : ''
  return `The sandbox's world ${file} is in use by ${who}${where}. Stop that one first, or wait until it is done.`
}

const text = (port: number): string => `${JSON.stringify({ pid: process.pid, port } satisfies Holder)}\n`

function read(path: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isHolder(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'port' in value &&
  typeof value.port === 'number'

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
