import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { servedCertificate } from '../../packages/sandbox/src/keyVault/certificates/versions.ts'
import { type Company, company, type Issued, type Term } from '../../packages/sandbox/test/support/companyCa.ts'
import type { Change } from '../../src/core/plan.ts'
import { signingRequest } from '../../src/deployment/signingRequest.ts'
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
  folder = await mkdtemp(join(tmpdir(), 'hma-csr-'))
  const certificate = ['source: csr', 'subject: CN=hma.contoso.com', `signedFile: ${join(folder, 'hma-cert.cer')}`]
  variant = { dynamics: false, certificate }
  here = await openDeployment(variant)
})
afterEach(async () => {
  expect(here.sandbox.violations).toEqual([])
  await here.close()
  await rm(folder, { recursive: true })
})

const answer = (...parts: readonly string[]) => writeFile(join(folder, 'hma-cert.cer'), parts.join(''))
const year = (): Term => ({ from: new Date(here.sandbox.now().getTime() - day), days: 365 })
const of = (changes: readonly Change[], name: string) => changes.find(({ address }) => address === `contoso/${name}`)
const todo = (changes: readonly Change[]) =>
  changes.filter(({ action }) => action !== 'none').map(({ address, action }) => `${action} ${address.split('/')[1]}`)
const troubles = ({ events }: Applied) => events.filter(({ type }) => type === 'failed' || type === 'skipped')

/** What `hma csr` prints. */
async function request(): Promise<string> {
  const text = signingRequest((await here.survey()).get('contoso/certificateRequest'))
  if (text === undefined) throw new Error('no request waits')
  return text
}

/** Apply, let the CA sign, apply. */
async function deploy(term: Term = year()): Promise<Issued> {
  await here.apply()
  const signed = await ca.sign(await request(), term)
  await answer(signed.leaf, signed.issuer, signed.root)
  expect(troubles(await here.apply())).toEqual([])
  return signed
}

test('a certificate from your CA takes two applies, with a manual action in between', async () => {
  const first = await here.apply()
  expect(of(first.changes, 'certificateCredential')).toMatchObject({ action: 'manual', reason: 'waiting' })
  expect(troubles(first).map((event) => [event.address, 'waiting' in event && event.waiting])).toEqual([
    ['contoso/certificateCredential', true],
    ['contoso/certificate', false],
  ])
  const waiting = troubles(first)[0]
  expect(waiting && 'because' in waiting && waiting.because).toBe(
    `Run \`hma csr --only contoso\`, have your CA sign what it prints, save the certificate as ${join(folder, 'hma-cert.cer')}, and run \`hma apply\`.`,
  )
  const again = await here.apply()
  expect(todo(again.changes)).toEqual(['manual certificateCredential', 'create certificate'])
  expect(again.writes).toEqual([])

  const signed = await ca.sign(await request(), year())
  await answer(signed.leaf, signed.issuer, signed.root)
  const second = await here.apply()
  expect(todo(second.changes)).toEqual(['create certificateCredential', 'create certificate'])
  expect(troubles(second)).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(signed.thumbprint)
  expect(servedCertificate(here.sandbox.world, 'kv-contoso-mail', 'HMA-Cert')?.chain).toHaveLength(3)
  expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])

  const third = await here.apply()
  expect(todo(third.changes)).toEqual([])
  expect(third.writes).toEqual([])
})

test('a renewal opens a new request, keeps the old certificate, and waits for the person', async () => {
  const former = await deploy()
  here.sandbox.advance(340 * day)
  const due = await here.apply()
  expect(todo(due.changes)).toContain('update certificateRequest')
  expect(of(due.changes, 'certificateRequest')?.differences[0]?.why).toBe('expires in 23 days (renewal was due 7 days ago)')
  expect(of(due.changes, 'certificateCredential')).toMatchObject({ action: 'manual', reason: 'waiting' })
  expect(of(due.changes, 'certificateCredential')?.instructions).toMatch(/^Run `hma apply` to create the request/)
  expect(of(due.changes, 'certificateCredential')?.differences[0]?.why).toContain('the present certificate expires in 23 days')
  expect(troubles(due)[0]).toMatchObject({ because: expect.stringContaining('still holds the former certificate. Run') })
  expect(of(due.changes, 'certificate')?.reason).toBe('expiring')
  expect(servedThumbprint(here.sandbox.world)).toBe(former.thumbprint)
  expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])

  const meanwhile = await here.plan()
  expect(of(meanwhile, 'certificateRequest')?.action).toBe('none')
  expect(of(meanwhile, 'certificateCredential')?.instructions).toMatch(/hma-cert\.cer still holds the former certificate\. Run/)

  const next = await ca.sign(await request(), year())
  await answer(next.leaf, next.issuer)
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(next.thumbprint)
  expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  here.sandbox.advance(8 * day)
  expect(of((await here.apply()).changes, 'certificateCredential')?.reason).toBe('superseded')
  expect(ourCertificates(here.sandbox.world).map(({ thumbprint }) => thumbprint)).toEqual([next.thumbprint])
  expect((await here.apply()).writes).toEqual([])
  expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])
})

describe('an answer that does not fit is named, and nothing is written', () => {
  const refused = async (): Promise<Change | undefined> => {
    const { changes, writes } = await here.apply()
    expect(writes).toEqual([])
    expect(of(changes, 'certificateCredential')).toMatchObject({ action: 'manual', reason: 'waiting' })
    return of(changes, 'certificateCredential')
  }

  test('of another key', async () => {
    await here.apply()
    const other = await ca.make(year())
    await answer(other.leaf)
    const change = await refused()
    expect(change?.differences[0]?.why).toMatch(/hma-cert\.cer contains a certificate for another key$/)
    expect(change?.instructions).toContain(
      `with the thumbprint ${other.thumbprint}, which does not belong to the pending request`,
    )
  })

  test('expired, or not valid yet', async () => {
    await here.apply()
    const waiting = await request()
    const [now] = [here.sandbox.now().getTime()]
    await answer((await ca.sign(waiting, { from: new Date(now - 20 * day), days: 10 })).leaf)
    expect((await refused())?.instructions).toMatch(/hma-cert\.cer expired on \d{4}-\d\d-\d\d\. Run/)
    await answer((await ca.sign(waiting, { from: new Date(now + 10 * day), days: 10 })).leaf)
    expect((await refused())?.instructions).toMatch(/hma-cert\.cer is not valid before \d{4}-\d\d-\d\d\. Run/)
  })

  test('a chain in the wrong order, no certificate, the request itself', async () => {
    await here.apply()
    const waiting = await request()
    const { leaf, issuer, root } = await ca.sign(waiting, year())
    await answer(issuer, leaf)
    await expect(here.plan()).rejects.toThrow(
      /in .*hma-cert\.cer are in the wrong order: CN=hma.contoso.com, OU=Named by the CA, O=Contoso follows CN=Contoso Issuing/,
    )
    await answer(leaf, root, issuer)
    await expect(here.plan()).rejects.toThrow(/CN=Contoso Root follows CN=hma.contoso.com/)
    await answer('what is this?')
    await expect(here.plan()).rejects.toThrow(/hma-cert\.cer contains no readable certificate/)
    await answer(waiting)
    await expect(here.plan()).rejects.toMatchObject({ hint: expect.stringMatching(/^It holds the request\./) })
  })
})

test('a second certificate for the same key replaces the first one if that is not current yet', async () => {
  await here.apply()
  const waiting = await request()
  const [first, second] = [await ca.sign(waiting, year()), await ca.sign(waiting, { ...year(), days: 300 })]
  await answer(first.leaf)
  const { wire } = killable({ write: 1, what: 'killed before' })
  await (await here.process(wire)).apply()
  expect(ourCertificates(here.sandbox.world).map(({ thumbprint }) => thumbprint)).toEqual([first.thumbprint])
  await answer(second.leaf)
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(second.thumbprint)
  expect(todo(await here.plan())).toEqual([])
  here.sandbox.advance(8 * day)
  await here.apply()
  expect(ourCertificates(here.sandbox.world).map(({ thumbprint }) => thumbprint)).toEqual([second.thumbprint])
  expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])
})

test('the signed file may be deleted once HMA-App trusts its certificate', async () => {
  await here.apply()
  const signed = await ca.sign(await request(), year())
  await answer(signed.leaf, signed.issuer)
  const { wire } = killable({ write: 1, what: 'killed before' })
  await (await here.process(wire)).apply()
  await rm(join(folder, 'hma-cert.cer'))
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(signed.thumbprint)
})

test.each(['killed before', 'killed after', 'answer lost'] as const)(
  '%s at any write: the next process converges',
  async (what) => {
    for (const phase of ['request', 'answer', 'renewal', 'answer to the renewal'] as const) {
      if (phase.startsWith('answer')) {
        const signed = await ca.sign(await request(), year())
        await answer(signed.leaf, signed.issuer)
      }
      if (phase === 'renewal') await months()
      for (let write = 0; ; write++) {
        const { wire, writes } = killable({ write, what })
        await (await here.process(wire)).apply().catch(() => {})
        if (phase.endsWith('renewal')) expect(broken(here.sandbox.world, here.sandbox.now())).toEqual([])
        if (writes() <= write) break
      }
    }
    expect(todo(await here.plan())).toEqual([])
    expect((await here.apply()).writes).toEqual([])
    expect(ourCertificates(here.sandbox.world)).toHaveLength(2)
  },
)

/** Eleven months, in which the client secret is renewed and the certificate is not due yet. */
async function months(): Promise<void> {
  for (const days of [160, 160, 20]) {
    await here.apply()
    here.sandbox.advance(days * day)
  }
}

test('is removed and restored', async () => {
  const signed = await deploy()
  expect(troubles(await here.apply({ remove: true }))).toEqual([])
  await here.apply()
  expect(troubles(await here.apply())).toEqual([])
  expect(servedThumbprint(here.sandbox.world)).toBe(signed.thumbprint)
  expect(todo(await here.plan())).toEqual([])
})

describe('a request that was never signed', () => {
  const vaulted = () => here.sandbox.world.vaults['kv-contoso-mail']?.certificates['hma-cert']

  test('is removed with the certificate that occupies its name', async () => {
    await here.apply()
    expect(vaulted()?.operation?.status).toBe('inProgress')
    expect(troubles(await here.apply({ remove: true }))).toEqual([])
    expect(vaulted()).toMatchObject({ versions: [], deleted: { deletedDate: expect.any(Number) } })
    expect(todo(await here.plan({ remove: true }))).toEqual([])
  })

  test('is created again, or removed, if it was deleted and its certificate was left', async () => {
    await here.apply()
    const left = vaulted()
    const { version = '', attributes, tags } = left?.operation ?? {}
    if (left === undefined || attributes === undefined) throw new Error('no request waits')
    delete left.operation
    left.unissued = { version, attributes, ...(tags && { tags }) }
    const planned = of(await here.plan(), 'certificateRequest')
    expect(planned).toMatchObject({
      action: 'update',
      differences: [{ field: 'version', why: expect.stringContaining('deleted') }],
    })
    await here.apply()
    expect(vaulted()?.operation?.status).toBe('inProgress')
    expect(vaulted()?.unissued).toBeUndefined()
  })
})
