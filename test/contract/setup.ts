import { relative } from 'node:path'
import { afterAll, expect, inject } from 'vitest'
import { append } from './record.ts'
import { tap } from './wire.ts'

/** Runs before each test file: records its traffic, if the descriptions are at hand. */
const folder = inject('contractRecord')
const file = relative('.', expect.getState().testPath ?? '.')
if (folder !== undefined) afterAll(tap((heard) => append(folder, { ...heard, in: file })))
