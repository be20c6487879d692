import { mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readEnvFiles } from '../../src/config/read/envFile.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let place: Workplace
beforeEach(async () => {
  place = await workplace(yaml())
})
afterEach(() => place.leave())

describe('--env-file', () => {
  test('a later file wins; quotes, comments and `export` are as Node has them', async () => {
    await place.write('one.env', '# a comment\nA=1\nB="two words" # why\nexport C=3\n')
    await place.write('two.env', 'A=4\n')
    expect(await readEnvFiles(['one.env', 'two.env'], place.directory)).toEqual({ A: '4', B: 'two words', C: '3' })
  })

  test.each<readonly [string, BufferEncoding]>([
    ['UTF-8', 'utf8'],
    ['UTF-16', 'utf16le'],
  ])('a file in %s with a byte order mark is read', async (_name, encoding) => {
    await writeFile(join(place.directory, 'windows.env'), '\uFEFFA=ä\r\nB=2\r\n', encoding)
    expect(await readEnvFiles(['windows.env'], place.directory)).toEqual({ A: 'ä', B: '2' })
  })

  test('its variables are available to the configuration, and variables already set stay', async () => {
    process.env.HMA_TEST_SET = 'from-the-shell'
    await place.write('one.env', 'HMA_TEST_NAME=from-the-file\nHMA_TEST_SET=from-the-file\n')
    try {
      const { code, stderr } = await place.hma('validate --env-file one.env')
      expect([code, stderr]).toEqual([0, expect.any(String)])
      expect([process.env.HMA_TEST_NAME, process.env.HMA_TEST_SET]).toEqual(['from-the-file', 'from-the-shell'])
    } finally {
      delete process.env.HMA_TEST_NAME
      delete process.env.HMA_TEST_SET
    }
  })

  test.each(['absent.env', '.'])('%s is refused with a clear message', async (file) => {
    const { code, stderr } = await place.hma(`validate --env-file ${file}`)
    expect(code).toBe(1)
    expect(stderr).toContain('HMA114')
    expect(stderr).not.toContain('    at ')
  })
})

describe('--log', () => {
  test('keeps the trace and the messages, with times, for its owner; a second run is appended', async () => {
    const { code, stderr } = await place.hma('plan --sandbox --log run.log')
    expect(code).toBe(0)
    expect(stderr).not.toContain('GET ')
    const path = join(place.directory, 'run.log')
    const text = await readFile(path, 'utf8')
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}GET https:/m)
    expect(text.trimEnd().split('\n')).toSatisfy((lines: string[]) => lines.every((line) => /^\d{4}-/.test(line)))
    expect(text).not.toContain('eyJ')
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    await place.hma('plan --only nobody --log run.log')
    expect((await readFile(path, 'utf8')).slice(text.length)).toContain('HMA111')
  })

  test('neither a folder nor a link is written to', async () => {
    const victim = join(await mkdtemp(join(tmpdir(), 'hma-log-')), 'victim')
    await writeFile(victim, 'untouched')
    await symlink(victim, join(place.directory, 'link.log'))
    for (const file of ['.', 'link.log']) {
      const { code, stderr } = await place.hma(`validate --log ${file}`)
      expect([code, stderr]).toEqual([1, expect.stringContaining('HMA115')])
    }
    expect(await readFile(victim, 'utf8')).toBe('untouched')
  })
})
