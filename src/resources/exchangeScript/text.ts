import { readFileSync } from 'node:fs'

/** The parts that scripts are made of, as they lie in this folder. */
export type Part = 'frame' | 'setup' | 'mailboxScope'

/** In the bundle the texts stand in place of this module: scripts/build.mjs puts them there. */
export const textOf = (part: Part): string => readFileSync(new URL(`./${part}.ps1`, import.meta.url), 'utf8')
