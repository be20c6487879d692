import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorCodes } from '../../src/core/errorCodes.ts'
import { catalogue, codeNamed, errorHelp, errorsDocument } from '../../src/views/errors/catalogue.ts'

const src = join(import.meta.dirname, '../../src')

/** The program without the catalogue and the declaration of the codes. */
const program = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/catalogue|errorCodes/.test(path))
  .map((path) => readFileSync(join(src, path), 'utf8'))
  .join('\n')

const used = new Set(program.match(/(?<=')HMA\d{3}(?=')/g))

test('every code in use has an entry, and every entry is used', () => {
  expect([...used].sort()).toEqual([...errorCodes].sort())
})

test('every entry has a unique title, and cause and remedy in sentences', () => {
  const entries = Object.values(catalogue)
  expect(new Set(entries.map(({ title }) => title)).size).toBe(entries.length)
  for (const { title, cause, remedy } of entries) {
    expect(title).toMatch(/^\S.*[^.]$/)
    expect(cause).toMatch(/^(?:[A-Z]|hma ).*\.$/)
    expect(remedy).toMatch(/^(?:[A-Z]|hma ).*\.$/)
  }
})

test('docs/errors.md is what the catalogue says (`npm run errors` writes it)', async () => {
  await expect(errorsDocument()).toMatchFileSnapshot('../../docs/errors.md')
})

test('the help of a code has its title, cause and remedy, however the code is typed', () => {
  const code = codeNamed(' hma301 ')
  if (code === undefined) throw new Error('HMA301 is not known')
  const { title, cause, remedy } = catalogue.HMA301
  expect(errorHelp(code)).toBe(`HMA301: ${title}\n\n${cause}\n\n${remedy}\n`)
  expect(codeNamed('HMA999')).toBeUndefined()
  expect(codeNamed('toString')).toBeUndefined()
})
