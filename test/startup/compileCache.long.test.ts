import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { programInWorkplace } from '../support/programInWorkplace.ts'

/** Later versions of Node.js have a cache of their own. */
describe.skipIf('enableCompileCache' in module)('compiled code that is kept between runs', () => {
  const program = programInWorkplace()
  let caches: string

  beforeEach(async () => {
    caches = await mkdtemp(join(tmpdir(), 'hma-caches-'))
  })
  afterEach(() => rm(caches, { recursive: true, force: true }))

  async function validate(env = {}): Promise<void> {
    const { code, stdout, stderr } = await program.start('validate', { env: { XDG_CACHE_HOME: caches, ...env } }).ended
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining('valid'), stderr: '' })
  }

  /** The files, with the time and the content of each. */
  async function stored(): Promise<Map<string, { written: number; code: Buffer }>> {
    const found = await readdir(caches, { recursive: true, withFileTypes: true })
    const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
    const each = files.map(async (file) => [file, { written: (await stat(file)).mtimeMs, code: await readFile(file) }] as const)
    return new Map(await Promise.all(each))
  }

  test('the first run stores it for its user only, and the second uses it', async () => {
    await validate()
    const first = await stored()
    expect(first.size).toBeGreaterThan(10)
    for (const file of first.keys()) expect((await stat(file)).mode & 0o077).toBe(0)
    await validate()
    expect(await stored()).toEqual(first)
  })

  test('damaged code is not run, and is replaced', async () => {
    await validate()
    const first = await stored()
    const damaged = (code: Buffer): Buffer => Buffer.concat([code.subarray(0, 200), Buffer.alloc(code.length - 200)])
    for (const [file, { code }] of first) await writeFile(file, damaged(code))
    await validate()
    const whole = ({ code }: { code: Buffer }): boolean => code.readUInt32LE() === crc32(code.subarray(4))
    const second = await stored()
    expect([...second.keys()].sort()).toEqual([...first.keys()].sort())
    expect([...second.values()].every(whole)).toBe(true)
  })

  test('an empty or unrelated file in its place is ignored', async () => {
    await validate()
    const files = [...(await stored()).keys()]
    for (const [index, file] of files.entries()) await writeFile(file, index % 2 ? '' : 'no code')
    await validate()
  })

  test('NODE_DISABLE_COMPILE_CACHE turns it off, and NODE_COMPILE_CACHE moves it', async () => {
    await validate({ NODE_DISABLE_COMPILE_CACHE: '1' })
    expect((await stored()).size).toBe(0)
    await validate({ NODE_COMPILE_CACHE: join(caches, 'elsewhere') })
    expect([...(await stored()).keys()].every((file) => file.startsWith(join(caches, 'elsewhere')))).toBe(true)
  })

  test('a folder that cannot be written does not matter', async () => {
    await chmod(caches, 0o500)
    await validate()
    await writeFile(join(program.here.directory, 'file'), '')
    await validate({ XDG_CACHE_HOME: join(program.here.directory, 'file') })
  })
})
