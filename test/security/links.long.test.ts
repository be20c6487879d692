import { execFileSync } from 'node:child_process'
import { chmod, lstat, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Said, type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
const at = (...names: string[]): string => join(here.directory, ...names)
beforeEach(async () => {
  here = await workplace(yaml({ tenants: 1 }))
  await mkdir(at('outside'))
  await writeFile(at('outside', 'kept'), 'as it was: *')
})
afterEach(() => here.leave())

const mode = async (name: string): Promise<string> => ((await stat(at(name))).mode & 0o777).toString(8)
const untouched = async (): Promise<void> => expect(await readFile(at('outside', 'kept'), 'utf8')).toBe('as it was: *')
const all = ({ stdout, stderr }: Said): string => stdout + stderr

describe('a configuration is read from a regular file', () => {
  test.each(['validate', 'validate --json', 'plan --sandbox'])('and not from a link: %s', async (line) => {
    await symlink('/proc/self/environ', at('x.yaml'))
    await mkdir(at('folder'))
    await symlink(at('outside', 'kept'), at('folder', 'y.yaml'))
    await symlink(at('outside'), at('folder', 'linked'))
    await writeFile(at('outside', 'z.yaml'), 'as it was: *')
    for (const named of ['x.yaml', 'folder', 'folder/y.yaml', 'folder/*/z.yaml', 'folder/**/*.yaml']) {
      const said = await here.hma(`${line} -f ${named}`)
      expect([named, said.code]).toEqual([named, 1])
      expect(all(said)).not.toMatch(/PATH=|as it was/)
    }
  })

  test('and not from a pipe or device', async () => {
    execFileSync('mkfifo', [at('pipe.yaml')])
    for (const named of ['pipe.yaml', '/dev/zero']) {
      const said = await here.hma(`validate -f ${named}`)
      expect([said.code, all(said)]).toEqual([1, expect.stringContaining('not a regular file')])
    }
  })

  test('a ConfigMap is mounted as links inside its own folder', async () => {
    await mkdir(at('config', '..2026_11_28'), { recursive: true })
    await writeFile(at('config', '..2026_11_28', 'a.yaml'), yaml({ tenants: 1 }))
    await symlink('..2026_11_28', at('config', '..data'))
    await symlink('..data/a.yaml', at('config', 'a.yaml'))
    expect((await here.hma('validate -f config')).code).toBe(0)
    await rm(at('config', 'a.yaml'))
    await symlink('..data/../../outside/kept', at('config', 'a.yaml'))
    expect((await here.hma('validate -f config')).code).toBe(1)
  })
})

describe('files are written as a whole, readable by their owner only', () => {
  test.each(['--out', '--html'])('over a file that everyone may read: %s', async (option) => {
    await writeFile(at('plan'), 'former')
    await chmod(at('plan'), 0o666)
    expect((await here.hma(`plan --sandbox ${option} ${at('plan')}`)).code).toBe(0)
    expect([await mode('plan'), await readFile(at('plan'), 'utf8')]).toEqual(['600', expect.stringContaining('sha256:')])
  })

  test('a predictable temporary name cannot be abused', async () => {
    await symlink(at('outside', 'kept'), at(`plan.${process.pid}.tmp`))
    expect((await here.hma(`plan --sandbox --out ${at('plan')}`)).code).toBe(0)
    await untouched()
  })

  test('links, pipes and devices stay what they are; a full device is an error', async () => {
    await symlink('target', at('link'))
    expect((await here.hma(`plan --sandbox --out ${at('link')}`)).code).toBe(0)
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true)
    expect([await mode('target'), JSON.parse(await readFile(at('target'), 'utf8')).formatVersion]).toEqual(['600', '1.0'])
    execFileSync('mkfifo', [at('pipe')])
    const [said, piped] = await Promise.all([here.hma(`plan --sandbox --out ${at('pipe')}`), readFile(at('pipe'), 'utf8')])
    expect([said.code, JSON.parse(piped).formatVersion, (await lstat(at('pipe'))).isFIFO()]).toEqual([0, '1.0', true])
    const full = await here.hma('plan --sandbox --out /dev/full')
    expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('HMA115')])
    expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true)
  })

  test('- is stdout', async () => {
    expect(JSON.parse((await here.hma('plan --sandbox --out -')).stdout).formatVersion).toBe('1.0')
    expect((await here.hma('plan --sandbox --html -')).stdout).toMatch(/^<!doctype html>/i)
  })
})

describe('links in a repository are not followed', () => {
  test.each(['.hma', '.hma/sandbox.json', '.hma/.gitignore', '.hma/sandbox-ca.pem', '.hma/sandbox.json.lock'])(
    '%s',
    async (name) => {
      if (name !== '.hma') await mkdir(at('.hma'))
      await symlink(at(name === '.hma' ? 'outside' : 'outside/kept'), at(name))
      for (const line of ['plan --sandbox', 'sandbox reset', 'sandbox advance 1d']) {
        const said = await here.hma(line)
        expect([said.code, said.stderr]).toEqual([1, expect.stringMatching(/symbolic link[\s\S]*HMA133/)])
      }
      await untouched()
    },
  )

  test.each(['../outside/kept', '../../.profile', '/etc/profile.d/x.sh', './a/../../x', '..\\x'])(
    'a script at %s',
    async (script) => {
      const text = yaml({ tenants: 1 }).replace('exchange:', `exchange:\n  mailboxScope: { script: '${script}', filter: a }`)
      await mkdir(at('below'))
      await writeFile(at('below', 'hma.config.yaml'), text)
      const said = await here.hma('validate -f below')
      expect([said.code, all(said)]).toEqual([1, expect.stringContaining('is outside the folder')])
    },
  )

  test('a script that is a link, or lies behind one', async () => {
    for (const script of ['linked.ps1', 'folder/x.ps1']) {
      const text = yaml({ tenants: 1 }).replace('exchange:', `exchange:\n  mailboxScope: { script: ./${script}, filter: a }`)
      await writeFile(at('hma.config.yaml'), text)
      if (script === 'linked.ps1') await symlink(at('outside', 'x.ps1'), at(script))
      else await symlink(at('outside'), at('folder'))
      const said = await here.hma('apply --sandbox --yes')
      expect([said.code, said.stderr]).toEqual([1, expect.stringContaining('symbolic link')])
      await untouched()
      await expect(lstat(at('outside', 'x.ps1'))).rejects.toThrow('ENOENT')
    }
  })
})
