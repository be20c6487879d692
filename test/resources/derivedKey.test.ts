import 'reflect-metadata'
import { createPublicKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { expect, test } from 'vitest'
import { derivedKey } from '../../src/certificates/derivedKey.ts'
import { sign, thumbprint } from '../../src/certificates/x509.ts'

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }

test('a key derived from a seed signs like any other, and is the same each time', async () => {
  const text = Buffer.from('what is signed')
  const signature = async (seed: string): Promise<string> =>
    Buffer.from(await webcrypto.subtle.sign(rsa, await derivedKey(Buffer.from(seed)), text)).toString('hex')
  const one = await signature('one')
  expect(one).toHaveLength(512)
  expect(await signature('one')).toBe(one)
  expect(await signature('two')).not.toBe(one)
})

/** Of a key that is gone. */
const request = [
  'MIHVMHwCAQAwGjEYMBYGA1UEAwwPaG1hLmNvbnRvc28uY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEndFATRkIynlLSbSt',
  'ncwKa6QuhFi5IQLbTzqymSS6SsZBtZtdOAmPProiGUjGblWlFXm143ZytaD5QPGnU1XoYKAAMAoGCCqGSM49BAMCA0kAMEYCIQCl',
  'j5iy9j2nDdIRP2SIgcF0kWLUiVAtE4fQnrDH5d0zxwIhAO0s8IhyYNFsiizrkrX0x4E9gzqS26Erdj48xEpMEx7p',
].join('')

test('every version of hma makes the same certificate from a request, for two of them may run at once', async () => {
  const certificate = await sign(request, new Date('2030-01-01T00:00:00Z'), new Date('2031-01-01T00:00:00Z'))
  expect(thumbprint(certificate)).toBe('F38B021B6A186CE7E46FCEA91FBAAD74C81A633C')
})

test('signing a request twice for the same time makes the same certificate, for the key of the request', async () => {
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({ name: 'CN=hma.contoso.com', keys, signingAlgorithm: rsa })
  const csr = Buffer.from(request.rawData).toString('base64')
  const [from, to] = [new Date('2030-01-01T00:00:00Z'), new Date('2031-01-01T00:00:00Z')]
  const made = await sign(csr, from, to)
  // Another process has nothing in its memory.
  const again = await sign(`${csr} `, from, to)
  expect(again).toBe(made)
  const certificate = new X509Certificate(Buffer.from(made, 'base64'))
  const own = createPublicKey({
    key: Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey)),
    format: 'der',
    type: 'spki',
  })
  expect(certificate.publicKey.equals(own)).toBe(true)
  expect([certificate.subject, certificate.issuer]).toEqual(['CN=hma.contoso.com', 'CN=hma'])
  expect(certificate.checkIssued(certificate)).toBe(false)
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  expect(certificate.verify(stranger)).toBe(false)
  expect(await sign(csr, new Date('2030-01-02T00:00:00Z'), to)).not.toBe(made)
})
