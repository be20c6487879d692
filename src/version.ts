import { readFileSync } from 'node:fs'

/** What package.json says of hma. The bundle contains it instead of reading the file (scripts/bundle.mjs). */
export const { version, homepage }: { version: string; homepage: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
