import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cloud, startCloud, vaultUrl } from '../vaultCloud.ts'

let cloud: Cloud
beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())

const raw = (method: string, path: string, body?: unknown, version = '2025-07-01') =>
  cloud.ask('owner', method, `${vaultUrl}${path}${path.includes('?') ? '&' : '?'}api%2Dversion=${version}`, body)

const createWith = (issuer: string) => ({ policy: { x509_props: { subject: 'CN=x' }, issuer: { name: issuer } } })

describe('refuses what the service refuses', () => {
  it.each([
    ['a bad subject', { x509_props: { subject: 'nonsense' } }],
    ['no subject at all', { x509_props: {} }],
    ['a small key', { key_props: { key_size: 1024 }, x509_props: { subject: 'CN=x' } }],
    ['self-renewal of what it cannot sign', { ...createWith('Unknown').policy, lifetime_actions: [renewAt(80)] }],
    ['a lifetime percentage of 100', { ...createWith('Self').policy, lifetime_actions: [renewAt(100)] }],
  ])('%s', async (_what, policy) => {
    expect(await raw('POST', '/certificates/refused/create', { policy })).toMatchObject({
      status: 400,
      error: { code: 'BadParameter' },
    })
  })

  it('names and versions of the interface that it does not know', async () => {
    expect((await raw('GET', '/certificates/under_score')).status).toBe(400)
    expect((await raw('GET', '/certificates/self', undefined, '1.0')).status).toBe(400)
    expect((await raw('GET', '/certificates/self', undefined, '2026-04-01')).status).toBe(400)
    expect((await raw('GET', '/secrets/self', undefined, '2026-04-01')).error.code).toBe('SecretNotFound')
    expect((await cloud.ask('owner', 'GET', `${vaultUrl}/certificates/self`)).error.message).toBe('api-version must be specified')
    expect((await raw('GET', '/certificates/nobody')).error).toMatchObject({ code: 'CertificateNotFound' })
  })
})

const renewAt = (lifetime_percentage: number) => ({ trigger: { lifetime_percentage }, action: { action_type: 'AutoRenew' } })
