import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The path of Microsoft's descriptions, examples and recordings: HMA_SPECS, or next to the project. They are not part of it. */
export const specs = resolve(process.env.HMA_SPECS ?? join(import.meta.dirname, '../../../shared/specs'))

/** Are they there? Without them there is nothing to compare with, and the tests here are skipped. */
export const haveSpecs = existsSync(join(specs, 'graph', 'examples.json'))

/** Why the tests here are skipped: one line, printed by each file. */
export const absent = `skipped: no recordings at ${specs} (HMA_SPECS names another folder)`

type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

export const fields = (value: unknown): Json => (isJson(value) ? value : {})

export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export const readSpec = (path: string): Json => fields(JSON.parse(readFileSync(join(specs, path), 'utf8')))

export const readSpecList = (path: string): readonly unknown[] => items(JSON.parse(readFileSync(join(specs, path), 'utf8')))
