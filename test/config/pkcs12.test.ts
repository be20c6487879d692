import 'reflect-metadata'
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { newKeys } from '../../packages/sandbox/test/support/companyCa.ts'
import { modern, old, thumbprintOfTools } from '../../packages/sandbox/test/support/pfxOfTools.ts'
import { openPkcs12 } from '../../src/certificates/pkcs12.ts'
import { sealPkcs12 } from '../../src/certificates/sealPkcs12.ts'

const rsa = { hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }
const signatures = [
  { name: 'RSASSA-PKCS1-v1_5', ...rsa },
  { name: 'RSA-PSS', saltLength: 32, ...rsa },
  { name: 'RSA-PSS', saltLength: 20, ...rsa },
  { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
]

/** An RSA key, with a certificate that was signed so. */
async function brought(signingAlgorithm: (typeof signatures)[number]) {
  const keys = await newKeys()
  const ca = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create({
    ...{ subject: 'CN=hma.contoso.com', issuer: 'CN=Contoso', publicKey: keys.publicKey },
    ...{ signingKey: ca.privateKey, signingAlgorithm },
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return { key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }), der: Buffer.from(certificate.rawData) }
}

describe('a sealed PKCS#12 is read back byte for byte, whatever its signature algorithm', () => {
  test.each(signatures)('$name $saltLength', async (algorithm) => {
    const { key, der } = await brought(algorithm)
    const contents = await openPkcs12(Buffer.from(await sealPkcs12(key, [der]), 'base64'), undefined)
    if (typeof contents === 'string') throw new Error(contents)
    expect(contents.certificates.map((one) => one.toString('hex'))).toEqual([der.toString('hex')])
    expect(contents.keys.map((one) => new X509Certificate(der).checkPrivateKey(one))).toEqual([true])
  })
})

describe('a PFX from OpenSSL', () => {
  test.each([
    ['3', modern],
    ['1', old],
  ])('%s', async (_version, file) => {
    const contents = await openPkcs12(file, 'brought')
    if (typeof contents === 'string') throw new Error(contents)
    const [certificate, key] = [new X509Certificate(contents.certificates[0] ?? ''), contents.keys[0]]
    expect(certificate.fingerprint.replaceAll(':', '')).toBe(thumbprintOfTools)
    expect(key && certificate.checkPrivateKey(key)).toBe(true)
    expect(await openPkcs12(file, 'wrong')).toBe('locked')
    expect(await openPkcs12(file, undefined)).toBe('locked')
  })

  test('that is cut off or not a PFX is refused', async () => {
    expect(await openPkcs12(modern.subarray(0, 1000), 'brought')).toBe('unreadable')
    expect(await openPkcs12(Buffer.from('hello'), undefined)).toBe('unreadable')
  })
})
