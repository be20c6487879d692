import { readFileSync } from 'node:fs'

/** hma's version. This file lies as deep below package.json as the bundle in `dist`, so one path fits both. */
export const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
