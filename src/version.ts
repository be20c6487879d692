import { readFileSync } from 'node:fs'

/** hma's version and addresses from package.json. The bundle contains them instead of reading the file (scripts/bundle.mjs). */
export const { version, homepage }: { version: string; homepage: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
