import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { run } from './runOverMapClouds.ts'

let here: Workplace
beforeEach(async () => {
  here = await workplace('')
})
afterEach(() => here.leave())

const signed = (name: string): string =>
  yaml({ name, certificate: ['source: csr', `signedFile: ./${name}.cer`, 'subject: CN=hma.contoso.com'] })

test.skipIf(process.platform === 'win32')('a pipe as signedFile stops its own deployment, at once, and no other', async () => {
  await here.write('hma.config.yaml', `${signed('bad')}\n---\n${yaml({ name: 'good' }).replaceAll('contoso.crm4', 'good.crm4')}`)
  execFileSync('mkfifo', [join(here.directory, 'bad.cer')])
  const { code, stdout, stderr } = await here.hma('plan --sandbox')
  expect(code).toBe(1)
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('bad: bad.cer cannot be read: it is not a regular file [HMA114]')
  expect(stdout).toMatch(/^good$/m)
})

const cloud = `cloud:
  name: lab
  authorityHost: https://login.lab.localhost:9443
  resourceManager: https://management.lab.localhost:9443
  graph: https://graph.lab.localhost:9443
  keyVaultSuffix: vault.lab.localhost:9443
  caFile: ./ca.pem
`

test.each<[string, () => void | Promise<void>, string]>([
  ['a folder', () => mkdirSync(join(here.directory, 'ca.pem')), 'it is a folder'],
  ['a pipe', () => void execFileSync('mkfifo', [join(here.directory, 'ca.pem')]), 'it is not a regular file'],
  ['no certificate', () => here.write('ca.pem', 'hello'), 'it contains no PEM certificate'],
  ['nothing', () => {}, 'there is no such file or folder'],
])('%s as caFile is told in words, before anything is asked', async (_what, make, words) => {
  await here.write('hma.config.yaml', cloud + yaml())
  await make()
  const { code, stderr } = await here.hma('plan')
  expect(code).toBe(1)
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`cloud.caFile cannot be read: ${words}`)
  expect(stderr).not.toContain('bug')
})

test('if the result cannot be saved, the exit code is 1 with a clear message', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/x/sandbox.json' })
  const { code, stderr } = await run('apply --yes', {
    deployments: [{ name: 'a', nodes: [] }],
    close: () => Promise.reject(full),
  })
  expect(code).toBe(1)
  expect(stderr).toContain('/x/sandbox.json: the disk is full [HMA118]')
})

test('if the sandbox cannot save its state, the message says so', async () => {
  await here.write('hma.config.yaml', yaml())
  await here.write('.hma', 'a file')
  for (const line of ['plan --sandbox', 'sandbox advance 3d']) {
    const { code, stderr } = await here.hma(line)
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringContaining('The sandbox cannot save its state in ')])
  }
})

/** A really full disk needs the right to mount one. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts()

function mounts(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'hma-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmdirSync(place)
  }
}

test.runIf(mayMount)('apply on the sandbox fails on a disk that is really full', async () => {
  await here.write('hma.config.yaml', yaml())
  const place = join(here.directory, '.hma')
  mkdirSync(place, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', place])
  try {
    const { code, stderr } = await here.hma('apply --sandbox --yes')
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(/the disk is full/)
    expect(stderr).not.toContain('bug')
  } finally {
    execFileSync('umount', ['-l', place])
  }
})
