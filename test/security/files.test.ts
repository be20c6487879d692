import { createPrivateKey } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import forge from 'node-forge'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pfx } from '../../packages/sandbox/test/support/companyCa.ts'
import { modern, old } from '../../packages/sandbox/test/support/pfxOfTools.ts'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { openPkcs12 } from '../../src/certificates/pkcs12.ts'
import { render } from '../../src/config/diagnostic.ts'
import { HmaError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secret.ts'
import { readCertificateFile } from '../../src/deployment/certificateFile.ts'
import { loadText, valid } from '../config/folder.ts'
import { certificateDefaults } from '../support/certificateDefaults.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hma-files-'))
})
afterEach(() => rm(directory, { recursive: true }))

const { pem, privateKey } = await selfSigned('CN=hma', new Date('2026-01-01'), 365)

/** The fate of a file: usable, or a problem explained without showing its content. */
async function judged(bytes: Uint8Array | string, source: 'import' | 'csr'): Promise<'of use' | HmaError> {
  await writeFile(join(directory, 'file'), bytes)
  const path = join(directory, 'file')
  const certificate =
    source === 'csr'
      ? { ...certificateDefaults, source: 'csr' as const, signedFile: path }
      : { ...certificateDefaults, source: 'import' as const, file: path, password: new Secret('brought') }
  const read = await readCertificateFile(certificate, { directory })
  return read?.problem ?? 'of use'
}

const gibberish =
  /Cannot (read|convert)|is not a function|\bundefined\b|Unexpected|\[object |asn1|ASN\.1|ERR_|error:[0-9A-F]{8}|DECODER/i

function expectWords(outcome: 'of use' | HmaError): void {
  if (outcome === 'of use') return
  expect(outcome).toBeInstanceOf(HmaError)
  expect(outcome.message).toMatch(/file/)
  expect(outcome.message).not.toMatch(gibberish)
  expect(outcome.message.length).toBeLessThan(300)
  expect(`${outcome.message}${outcome.hint}`).not.toContain('brought')
}

/** A file in which bytes were changed, or that was cut off, or goes on with something else. */
const damaged = (file: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const spots = fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 })
  return fc.oneof(
    {
      weight: 4,
      arbitrary: spots.map((list) => {
        const copy = Uint8Array.from(file)
        for (const [at, byte] of list) copy[at] = byte
        return copy
      }),
    },
    { weight: 1, arbitrary: fc.nat({ max: file.length }).map((length) => file.subarray(0, length)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((more) => Buffer.concat([file, more])) },
  )
}

describe('a damaged file to import is usable, or reported clearly', () => {
  test.each([
    ['a PFX of OpenSSL 3', modern, 300],
    ['a PFX of OpenSSL 1', old, 300],
    ['a PEM', Buffer.from(pem + privateKey), 300],
  ])('%s', async (_what, file, numRuns) => {
    await fc.assert(
      fc.asyncProperty(damaged(file), async (bytes) => expectWords(await judged(bytes, 'import'))),
      { numRuns },
    )
  })

  test('any bytes, and any text between the lines of a PEM', async () => {
    const label = fc.constantFrom('CERTIFICATE', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'X')
    const block = fc
      .tuple(label, fc.oneof(fc.base64String(), fc.string(), fc.constant('Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00')))
      .map(([name, text]) => `-----BEGIN ${name}-----\n${text}\n-----END ${name}-----\n`)
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.array(block, { maxLength: 4 }).map((blocks) => blocks.join('')),
    )
    await fc.assert(
      fc.asyncProperty(file, fc.constantFrom('import' as const, 'csr' as const), async (bytes, source) =>
        expectWords(await judged(bytes, source)),
      ),
      { numRuns: 600 },
    )
  })
})

test("a damaged answer of the user's CA is usable, or reported clearly", async () => {
  await fc.assert(
    fc.asyncProperty(damaged(Buffer.from(pem)), async (bytes) => expectWords(await judged(bytes, 'csr'))),
    { numRuns: 400 },
  )
})

describe('a PFX that would take too long to open is refused', () => {
  /** The same file, with so many rounds to go through before its password is known to be right. */
  const slow = (file: Buffer, rounds: number): Buffer => {
    const asked = forge.asn1.integerToDer(rounds).getBytes()
    const usual = [2048, 2000, 1].map((count) => forge.asn1.integerToDer(count).getBytes())
    let found = 0
    const walk = (node: forge.asn1.Asn1): void => {
      if (!Array.isArray(node.value)) {
        if (node.type !== forge.asn1.Type.OCTETSTRING || node.tagClass !== 0) return
        try {
          const inner = forge.asn1.fromDer(String(node.value))
          walk(inner)
          node.value = forge.asn1.toDer(inner).getBytes()
        } catch {
          // A salt, or what is encrypted.
        }
        return
      }
      node.value.forEach((one, index, all) => {
        const counts = one.type === forge.asn1.Type.INTEGER && all[index - 1]?.type === forge.asn1.Type.OCTETSTRING
        if (counts && usual.includes(String(one.value))) {
          one.value = asked
          found++
        } else walk(one)
      })
    }
    const whole = forge.asn1.fromDer(file.toString('latin1'))
    walk(whole)
    expect(found).toBeGreaterThan(0)
    return Buffer.from(forge.asn1.toDer(whole).getBytes(), 'latin1')
  }

  test.each([
    ['of OpenSSL 3', modern],
    ['of OpenSSL 1', old],
    ['of other tools', pfx(privateKey, pem, 'brought', '3des')],
  ])('%s is refused', async (_what, file) => {
    expect(await openPkcs12(slow(file, 2_000_000_000), 'brought')).toBe('unreadable')
  })

  test('an encrypted key in a PEM that would take too long is refused, too', async () => {
    const sealed = createPrivateKey(privateKey).export({
      type: 'pkcs8',
      format: 'der',
      cipher: 'aes-256-cbc',
      passphrase: 'brought',
    })
    const key = slow(sealed, 2_000_000_000).toString('base64')
    const outcome = await judged(
      `${pem}-----BEGIN ENCRYPTED PRIVATE KEY-----\n${key}\n-----END ENCRYPTED PRIVATE KEY-----\n`,
      'import',
    )
    expect(outcome).toMatchObject({ message: 'The private key in file cannot be read' })
  })
})

describe('a malicious configuration', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

  test('keys that every JavaScript object has are unknown keys, wherever they occur', async () => {
    const blocks = ['', 'safety: {', 'certificate: {', 'cloud: {', 'auth: {', 'hmaApp: {', 'certificate: { name: {']
    const value = fc.constantFrom('x', '{polluted: true}', '[1]', 'null', '{__proto__: {polluted: true}}')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...blocks), fc.constantFrom(...names), value, async (block, name, inner) => {
        const closing = '}'.repeat(block.split('{').length - 1)
        const { deployments, diagnostics } = await loadText(`${valid}${block}${name}: ${inner}${closing}\n`)
        expect([deployments.length, diagnostics.length > 0]).toEqual([0, true])
        expect({}).not.toHaveProperty('polluted')
      }),
      { numRuns: 200 },
    )
  })

  const reference = `$\{A}`

  const laughing = (first: string, again: (name: string) => string): string =>
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
      .map((name, index, all) => `x${name}: &${name} ${index === 0 ? first : again(all[index - 1] ?? '')}\n`)
      .join('')

  test.each([
    ['lists', laughing('[x, x, x, x, x, x, x, x, x, x]', (name) => `[${Array(10).fill(`*${name}`).join(', ')}]`)],
    ['maps', laughing('{k: v}', (name) => `{${[...'klmnopqrst'].map((key) => `${key}: *${name}`).join(', ')}}`)],
    ['merges', laughing('{k: v}', (name) => `{"<<": [${Array(10).fill(`*${name}`).join(', ')}]}`)],
    ['keys', laughing('{k: v}', (name) => `{? *${name} : *${name}, k: *${name}, l: *${name}}`)],
    ['a scalar', `x: &a "${'x'.repeat(500_000)}"\n${Array.from({ length: 5000 }, (_, index) => `y${index}: *a`).join('\n')}`],
  ])('anchors of anchors: %s', async (_what, text) => {
    const { deployments, diagnostics } = await loadText(valid + text)
    expect(deployments).toEqual([])
    expect(diagnostics.length).toBeLessThanOrEqual(101)
    expect(JSON.stringify(diagnostics).length).toBeLessThan(2_000_000)
  })

  test.each([
    ['a key', `${'k'.repeat(900_000)}: x`],
    ['a number', `safety: {preventRemoval: ${'9'.repeat(900_000)}}`],
    ['a quoted text', `hmaApp: {displayName: "${'\\u0041'.repeat(150_000)}"}`],
    ['references', `hmaApp: {displayName: "${reference.repeat(200_000)}"}`],
    ['references that are none', `hmaApp: {displayName: "${'${'.repeat(400_000)}"}`],
    ['a comment', `#${' #'.repeat(450_000)}`],
    ['documents', '---\n'.repeat(200_000)],
    ['directives', '%YAML 1.2\n'.repeat(90_000)],
    ['colons', ': '.repeat(400_000)],
    ['quotes', '"'.repeat(900_000)],
    ['spaces', ' '.repeat(900_000)],
  ])('%s without end', async (_what, text) => {
    const { diagnostics } = await loadText(valid + text, { A: 'value' })
    expect(diagnostics.length).toBeLessThanOrEqual(102)
    for (const { message } of diagnostics) expect(message.length).toBeLessThan(1000)
  })
})

describe('no mistake shows a secret in the file itself', () => {
  const auth = (rest: string): string => `auth:\n  11111111-1111-1111-1111-111111111111:\n    credential: clientSecret\n${rest}`

  test.each([
    ['plain', auth('    clientSecret: hunter2 hunter2 @ hunter2\n    clientSceret: x')],
    ['quoted', auth('    "clientSecret": "hunter2" "hunter2"')],
    ['in single quotes, not closed', auth("    clientSecret: 'hunter2\n    clientId: x")],
    [
      'in a flow',
      'auth: {11111111-1111-1111-1111-111111111111: {credential: clientSecret, clientSecret: hunter2, clientIdd: x}}',
    ],
    ['in a flow that is not closed', 'auth: {11111111-1111-1111-1111-111111111111: {clientSecret: hunter2, clientId: [x}'],
    ['on the next line', auth('    clientSecret:\n      hunter2 @hunter2\n    clientIdd: x')],
    ['on the next line, badly indented', auth('    clientSecret:\n      hunter2\n     clientId: hunter2')],
    ['as a block', auth('    clientSecret: |\n      hunter2\n    clientSecret: x')],
    ['as a list', auth('    clientSecret: [hunter2]')],
    ['as a number', auth('    clientSecret: 22222.hunter2e')],
    ['as a tag', auth('    clientSecret: !hunter2 x')],
    ['as an alias', auth('    clientSecret: *hunter2')],
    ['with a tab', auth('    clientSecret:\thunter2\n\t  x: y')],
    ['as a key', auth('    ? clientSecret\n    : [hunter2')],
    ['too long', `certificate: {source: import, file: a.pfx, password: ${'hunter2'.repeat(400)}}`],
  ])('%s', async (_what, text) => {
    const { diagnostics } = await loadText(`${valid}${text}\n`)
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(`${JSON.stringify(diagnostics)}${diagnostics.map(render).join()}`).not.toContain('hunter2')
  })
})
