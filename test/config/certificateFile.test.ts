import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import type { Certificate } from '../../src/config/schema.ts'
import { Secret } from '../../src/core/secret.ts'
import { obstacleOf, readCertificateFile } from '../../src/deployment/certificateFile.ts'
import { certificateDefaults } from '../support/certificateDefaults.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hma-file-'))
})
afterEach(() => rm(directory, { recursive: true }))

const read = (certificate: Certificate) => readCertificateFile(certificate, { directory })
const csr = (name = 'hma.cer') => read({ ...certificateDefaults, source: 'csr', signedFile: join(directory, name) })
const put = (content: string | Buffer, name = 'hma.cer') => writeFile(join(directory, name), content)

describe('the file of a CA', () => {
  test('need not exist', async () => {
    expect(await csr()).toEqual({ name: 'hma.cer', chain: [] })
  })

  test('may be PEM, with surrounding text or in UTF-16, or DER', async () => {
    const { pem, der } = await selfSigned('CN=hma', new Date('2026-01-01'), 365)
    for (const content of [
      pem,
      `Subject: hma\r\n${pem.replaceAll('\n', '\r\n')}`,
      Buffer.from(`\ufeff${pem}`, 'utf16le'),
      Buffer.from(der, 'base64'),
    ]) {
      await put(content)
      expect(await csr()).toEqual({ name: 'hma.cer', chain: [der] })
    }
  })

  test.each([
    ['empty', ''],
    ['PKCS#7', '-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n'],
    ['damaged', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
  ])('of no use, since it is %s, is a problem that tells the file', async (_what, content) => {
    await put(content)
    const { chain, problem } = (await csr()) ?? {}
    expect(chain).toEqual([])
    expect(problem).toMatchObject({
      message: 'hma.cer contains no readable certificate',
      hint: expect.stringMatching(/Save it/),
    })
  })

  test('that is a folder, or too large, is a problem', async () => {
    expect((await csr('.'))?.problem?.message).toMatch(/cannot be read: it is a folder/)
    await put(Buffer.alloc(2 * 1024 * 1024))
    expect((await csr())?.problem?.message).toBe('hma.cer cannot be read: it is larger than 1 MiB')
  })
})

test('a PEM to import may have an encrypted key; a key that is not RSA is refused', async () => {
  const { pem, privateKey, der } = await selfSigned('CN=hma', new Date('2026-01-01'), 365)
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'word', format: 'pem' } as const
  const importing = (password?: string) =>
    read({
      ...certificateDefaults,
      source: 'import',
      file: join(directory, 'hma.pem'),
      ...(password !== undefined && { password: new Secret(password) }),
    })
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    await put(pem + createPrivateKey(privateKey).export({ type, ...cipher }), 'hma.pem')
    expect(await importing('word')).toMatchObject({ name: 'hma.pem', chain: [der] })
    expect((await importing('other'))?.problem?.message).toBe('The password does not open hma.pem')
    expect((await importing())?.problem?.message).toMatch(/^hma\.pem is protected with a password/)
  }
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  await put(pem + curve, 'hma.pem')
  expect((await importing())?.problem?.message).toBe('The private key in hma.pem is not an RSA key')
})

test('the validity of a certificate to import is judged by the given time, and not before that is known', async () => {
  const { pem, privateKey } = await selfSigned('CN=hma', new Date('2026-01-01'), 365)
  await put(pem + createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' }), 'hma.pem')
  const file = await read({ ...certificateDefaults, source: 'import', file: join(directory, 'hma.pem') })
  expect(obstacleOf(file, undefined)).toBeUndefined()
  expect(obstacleOf(file, new Date('2026-06-01'))).toBeUndefined()
  expect(obstacleOf(file, new Date('2027-06-01'))?.message).toMatch(/^The certificate in hma\.pem expired on 2027-01-01/)
  expect(obstacleOf(file, new Date('2025-06-01'))?.message).toMatch(/^The certificate in hma\.pem is not valid before 2026-01-01/)
})
