import { readFileSync } from 'node:fs'

/** The text of a part of a script, as it lies in this folder. In the bundle the texts stand in place of this module: scripts/build.mjs puts them there. */
export const textOf = (part: string): string => readFileSync(new URL(`./${part}.ps1`, import.meta.url), 'utf8')
