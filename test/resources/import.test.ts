import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { servedCertificate } from '../../packages/sandbox/src/keyVault/certificates/versions.ts'
import { type Brought, type Company, company, newKeys, pfx } from '../../packages/sandbox/test/support/companyCa.ts'
import { modern, old, thumbprintOfTools } from '../../packages/sandbox/test/support/pfxOfTools.ts'
import type { Change } from '../../src/core/plan.ts'
import { planFile } from '../../src/core/planFile.ts'
import { broken, day, ourCertificates, servedThumbprint } from '../support/credentials.ts'
import { type Applied, type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import { killable } from '../support/killedRun.ts'

let ca: Company
let folder: string
let variant: Variant
let here: OpenDeployment
beforeAll(async () => {
  ca = await company()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hma-import-'))
  variant = { dynamics: false, certificate: ['source: import', `file: ${join(folder, 'hma.pfx')}`, 'password: brought'] }
  here = await openDeployment(variant)
})
afterEach(async () => {
  expect(here.sandbox.violations).toEqual([])
  await here.close()
  await rm(folder, { recursive: true })
})

const file = (content: string | Buffer) => writeFile(join(folder, 'hma.pfx'), content)
const make = (days = 365, from = here.sandbox.now().getTime() - day): Promise<Brought> => ca.make({ from: new Date(from), days })
const of = (changes: readonly Change[], name: string) => changes.find(({ address }) => address === `contoso/${name}`)
const todo = (changes: readonly Change[]) =>
  changes.filter(({ action }) => action !== 'none').map(({ address, action }) => `${action} ${address.split('/')[1]}`)
const troubles = ({ events }: Applied) => events.filter(({ type }) => type === 'failed' || type === 'skipped')
const inPem = ({ leaf, issuer, privateKey }: Brought): string => [issuer, privateKey, leaf].join('')

/** Put the file there, apply, and see that it is served, trusted, and nothing is left to do. */
async function deploy(content: string | Buffer, thumbprint: string): Promise<void> {
  await file(content)
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(thumbprint)
  expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])
  const again = await here.apply()
  expect(todo(again.changes)).toEqual([])
  expect(again.writes).toEqual([])
}

describe('a certificate comes from', () => {
  test('a PFX with current encryption', () => deploy(modern, thumbprintOfTools))
  test('a PFX with older encryption', () => deploy(old, thumbprintOfTools))

  test('a PEM, in whatever order; the vault gets the chain with the leaf first, and keeps it as PKCS#12', async () => {
    const brought = await make()
    await deploy(inPem(brought), brought.thumbprint)
    expect(servedCertificate(here.sandbox.world, 'kv-contoso-mail', 'HMA-Cert')?.chain).toHaveLength(2)
    expect(here.sandbox.world.vaults['kv-contoso-mail']?.certificates['hma-cert']?.policy).toMatchObject({
      key_props: { exportable: true },
      secret_props: { contentType: 'application/x-pkcs12' },
      issuer: { name: 'Unknown' },
      lifetime_actions: [{ action: { action_type: 'EmailContacts' } }],
    })
  })
})

test('the plan shows the file and its certificate, but neither key nor password', async () => {
  const brought = await make()
  await file(inPem(brought))
  const changes = await here.plan()
  const facts = Object.fromEntries(of(changes, 'certificate')?.differences.map(({ field, to }) => [field, to]) ?? [])
  expect(facts).toMatchObject({ file: join(folder, 'hma.pfx'), keySize: 2048 })
  expect(facts).not.toHaveProperty('pfx')
  const text = JSON.stringify(planFile([{ name: 'contoso', changes }], { hmaVersion: '1', createdAt: new Date(0) }))
  expect(text).not.toContain('brought')
  expect(text).not.toContain('«secret»')
})

test('a new file is a new version: trusted first, then current, and the former one is dropped after its overlap', async () => {
  const [first, second] = [await make(), await make()]
  await deploy(inPem(first), first.thumbprint)
  await file(inPem(second))
  const renewal = await here.apply()
  expect(todo(renewal.changes)).toEqual(['update certificateCredential', 'update certificate'])
  expect(of(renewal.changes, 'certificate')?.differences).toMatchObject([
    { field: 'thumbprint', from: first.thumbprint, to: second.thumbprint },
  ])
  expect(renewal.writes.map(({ method, url }) => `${method} ${new URL(url).pathname.split('/').at(-1)}`)).toEqual([
    expect.stringMatching(/^PATCH /),
    'POST import',
  ])
  expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  here.sandbox.advance(6 * day)
  expect(todo(await here.plan())).toEqual([])
  here.sandbox.advance(2 * day)
  await here.apply()
  expect(ourCertificates(here.sandbox.world).map(({ thumbprint }) => thumbprint)).toEqual([second.thumbprint])
  expect((await here.apply()).writes).toEqual([])
})

test('a new certificate for the same key is a new version too', async () => {
  const keys = await newKeys()
  const term = { from: new Date(here.sandbox.now().getTime() - day), days: 365 }
  const [first, second] = [await ca.make(term, keys), await ca.make({ ...term, days: 700 }, keys)]
  await deploy(inPem(first), first.thumbprint)
  await deploy(inPem(second), second.thumbprint)
})

test('the certificate that is current stays trusted until the new one is, however long that takes', async () => {
  const [first, second] = [await make(), await make()]
  await deploy(inPem(first), first.thumbprint)
  await file(inPem(second))
  await (await here.process(killable({ write: 1, what: 'killed before' }).wire)).apply()
  here.sandbox.advance(9 * day)
  expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  await (await here.process(killable({ write: 0, what: 'killed before' }).wire)).apply()
  expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])
  expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(second.thumbprint)
})

test('a certificate that is about to expire requires another file', async () => {
  const brought = await make(365)
  await deploy(inPem(brought), brought.thumbprint)
  here.sandbox.advance(340 * day)
  const { changes } = await here.apply()
  expect(of(changes, 'certificate')).toMatchObject({ action: 'manual', reason: 'waiting' })
  expect(of(changes, 'certificate')?.differences[0]?.why).toBe('expires in 23 days (renewal was due 7 days ago)')
  expect(of(changes, 'certificate')?.instructions).toMatch(/^Put a new certificate with its private key into .*hma\.pfx/)
  const next = await make()
  await deploy(inPem(next), next.thumbprint)
})

test('a certificate with little time left is still imported', async () => {
  const brought = await make(20)
  await file(inPem(brought))
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(brought.thumbprint)
  expect(todo(await here.plan())).toEqual(['manual certificate'])
})

test.each(['killed before', 'killed after', 'answer lost'] as const)(
  '%s at any write: the next process converges',
  async (what) => {
    for (const brought of [await make(), await make()]) {
      await file(inPem(brought))
      const deployed = servedThumbprint(here.sandbox.world) !== undefined
      for (let write = 0; ; write++) {
        const { wire, writes } = killable({ write, what })
        await (await here.process(wire)).apply().catch(() => {})
        if (deployed) expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])
        if (writes() <= write) break
      }
      expect((await here.apply()).writes).toEqual([])
      expect(servedThumbprint(here.sandbox.world)).toBe(brought.thumbprint)
    }
    expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  },
)

test('a pending request from an earlier configuration is replaced by the file', async () => {
  const csr = await here.with({ ...variant, certificate: ['source: csr', `signedFile: ${join(folder, 'none.cer')}`] })
  await csr.apply()
  const brought = await make()
  await deploy(inPem(brought), brought.thumbprint)
  expect((await csr.survey()).get('contoso/certificateRequest')).not.toHaveProperty('pending')
})

describe('an unusable file stops the deployment before anything is written', () => {
  const refused = async (content: string | Buffer | undefined, message: RegExp, hint: RegExp) => {
    if (content !== undefined) await file(content)
    const before = here.sandbox.log.length
    await expect(here.apply()).rejects.toMatchObject({
      name: 'HmaError',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(here.sandbox.log.length).toBe(before)
  }

  test('missing', () => refused(undefined, /hma\.pfx does not exist/, /\.pfx or \.pem, or correct certificate\.file/))
  test('neither PFX nor PEM', () => refused('nothing', /not a readable PFX or PEM file/, /Export it again/))

  test('a wrong password', async () => {
    const { privateKey, leaf } = await make()
    for (const algorithm of ['3des', 'aes256'] as const)
      await refused(pfx(privateKey, leaf, 'other', algorithm), /password does not open .*hma\.pfx/, /certificate\.password/)
  })

  test('no password for a file that has one', async () => {
    const bare = await here.with({ ...variant, certificate: ['source: import', `file: ${join(folder, 'hma.pfx')}`] })
    for (const content of [modern, old]) {
      await file(content)
      await expect(bare.plan()).rejects.toThrow(/hma\.pfx is protected with a password, but the configuration has none/)
    }
  })

  test('no private key', async () => {
    const { leaf } = await make()
    await refused(leaf, /holds no private key/, /together with its private key/)
    await refused(pfx(undefined, leaf, 'brought', '3des'), /holds no private key/, /together with its private key/)
  })

  test('no certificate, or that of another key', async () => {
    const [one, other] = [await make(), await make()]
    await refused(one.privateKey, /holds no certificate/, /together with its private key/)
    await refused(one.privateKey + other.leaf, /does not belong to the certificate/, /its own private key/)
  })

  test('expired, or not valid yet', async () => {
    const now = here.sandbox.now().getTime()
    await refused(inPem(await make(10, now - 20 * day)), /hma\.pfx expired on \d{4}/, /valid now/)
    await refused(inPem(await make(10, now + 5 * day)), /hma\.pfx is not valid before \d{4}/, /valid now/)
  })
})

test('is removed without its file, and restored', async () => {
  const brought = await make()
  await deploy(inPem(brought), brought.thumbprint)
  await rm(join(folder, 'hma.pfx'))
  expect(troubles(await here.apply({ remove: true }))).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBeUndefined()
  await deploy(inPem(brought), brought.thumbprint)
})
