import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readAuthorities } from '../../src/config/read/authorities.ts'
import { readRegular } from '../../src/config/read/regularFile.ts'
import { fileProblem } from '../../src/files/problem.ts'

const folder = mkdtempSync(join(tmpdir(), 'hma-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)
const problem = (path: string, most?: number): Promise<string> => readRegular(path, most).then(String, fileProblem)

test.skipIf(process.platform === 'win32')('a pipe without a writer is refused without waiting', async () => {
  execFileSync('mkfifo', [at('pipe')])
  expect(await problem(at('pipe'))).toBe('it is not a regular file')
})

test.skipIf(process.platform === 'win32').each(['/dev/zero', '/dev/null'])('%s is refused', async (path) => {
  expect(await problem(path)).toBe('it is not a regular file')
})

test('a folder, a missing file and a path through a file are explained', async () => {
  writeFileSync(at('file'), 'text')
  expect(await problem(folder)).toBe('it is a folder')
  expect(await problem(at('nowhere'))).toBe('there is no such file or folder')
  expect(await problem(join(at('file'), 'below'))).toBe('part of its path is a file, not a folder')
})

test('a file is read to its end, through a link too, and not beyond the limit', async () => {
  writeFileSync(at('long'), 'x'.repeat(3_000_000))
  symlinkSync(at('long'), at('link'))
  expect(await problem(at('link'))).toBe('it is larger than 1 MiB')
  expect((await readRegular(at('link'), 4 * 1024 * 1024)).length).toBe(3_000_000)
  truncateSync(at('long'), 1024 * 1024)
  expect((await readRegular(at('long'))).length).toBe(1024 * 1024)
})

test('authorities are certificates', async () => {
  expect(await readAuthorities(at('file')).catch(fileProblem)).toBe('it contains no PEM certificate')
})
