import { readFileSync } from 'node:fs'

/** The text of a script part in this folder. In the bundle, scripts/build.mjs replaces this module with the texts. */
export const textOf = (part: string): string => readFileSync(new URL(`./${part}.ps1`, import.meta.url), 'utf8')
