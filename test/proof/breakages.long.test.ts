import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { ids, openDeployment, yaml } from '../support/deployment.ts'
import { type Verified, verified } from '../support/verify.ts'
import { appliedWorld, type Breakage, breakages, on, variant } from './breakages.ts'

let applied: World

beforeAll(async () => {
  applied = await appliedWorld()
})

async function broken(one: Partial<Breakage>, rights: 'owner' | 'reader' = 'owner'): Promise<Verified> {
  const world = structuredClone(applied)
  one.break?.(world)
  if (one.after) world.ahead += Number.parseInt(one.after, 10) * 86_400_000
  const it = await openDeployment(variant, {}, world)
  try {
    const text = yaml(variant)
    return await verified(it.sandbox, one.configuration?.(text) ?? text, rights)
  } finally {
    await it.close()
  }
}

const named = (found: Verified, status: string): readonly string[] =>
  found.checks.filter((check) => check.status === status).map(({ name }) => name)

describe('the chain', () => {
  test('holds after an apply', async () => {
    const found = await broken({})
    expect(named(found, 'passed')).toEqual([
      'tls',
      'challenge',
      'tenant',
      'keyVaultSignIn',
      'vaultRead',
      'certificate',
      'hmaSignIn',
      'servicePrincipalName',
      'inbox',
      'exchangeBuild',
      'profile',
    ])
    expect(found.code).toBe(0)
  })

  test('is proven with only read rights, and nothing is written', async () => {
    const world = structuredClone(applied)
    const it = await openDeployment(variant, {}, world)
    const before = createHash('sha256').update(JSON.stringify(world)).digest('hex')
    const found = await verified(it.sandbox, yaml(variant), 'reader')
    expect(found.code).toBe(0)
    expect(named(found, 'failed')).toEqual([])
    expect(it.sandbox.log.filter(({ service, method }) => !['login', 'exchange'].includes(service) && method !== 'GET')).toEqual(
      [],
    )
    expect(createHash('sha256').update(JSON.stringify(world)).digest('hex')).toBe(before)
    await it.close()
  })

  test.concurrent.each(breakages)('$name: $check', async (one) => {
    const found = await broken(one)
    const check = found.checks.find(({ name }) => name === one.check)
    expect(check).toMatchObject({ status: one.status ?? 'failed' })
    expect(check?.detail).toMatch(one.detail)
    expect(check?.hint).toMatch(one.hint)
    expect([...named(found, 'failed')].sort()).toEqual(
      [...(one.status === 'warning' ? [] : [one.check]), ...(one.also ?? [])].sort(),
    )
    expect(found.code).toBe(one.status === 'warning' ? 0 : 1)
  })
})

describe('a refusal for another reason than a missing right', () => {
  const answers = [
    ['the environment is disabled', 'dataverse', '{"error":{"code":"0x8004a104","message":"The organization is disabled."}}'],
    [
      'the vault lets nobody in from here',
      'keyVault',
      '{"error":{"code":"Forbidden","message":"Client address is not authorized.","innererror":{"code":"ForbiddenByFirewall"}}}',
    ],
  ] as const

  test.each(answers)('%s: verify fails', async (_what, service, body) => {
    const it = await openDeployment(variant, {}, structuredClone(applied))
    it.sandbox.faults.push({ service, times: 1000, when: 'instead', answer: { status: 403, body } })
    const found = await verified(it.sandbox, yaml(variant))
    expect(named(found, 'failed').length).toBeGreaterThan(0)
    expect(found.code).toBe(1)
    await it.close()
  })
})

describe('what cannot be read', () => {
  const json = (error: object): string => JSON.stringify({ error })
  const refusals = [
    ['graph', 403, json({ code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' })],
    ['graph', 400, json({ code: 'Request_Odd', message: 'Odd.' })],
    ['keyVault', 403, json({ code: 'Forbidden', message: 'Caller is not authorized.', innererror: { code: 'ForbiddenByRbac' } })],
    ['keyVault', 400, json({ code: 'OddParameter', message: 'Odd.' })],
    ['dataverse', 403, json({ code: '0x80040220', message: 'Principal user is missing prvReadEmailServerProfile privilege.' })],
    ['dataverse', 400, json({ code: '0x80040216', message: 'An unexpected error occurred.' })],
    ['management', 403, json({ code: 'AuthorizationFailed', message: "no authorization to perform action 'x' over scope '/y'" })],
    ['management', 400, json({ code: 'OddRequest', message: 'Odd.' })],
  ] as const

  test.concurrent.each(refusals)('in %s (%i) is never said to be missing', async (service, status, body) => {
    const it = await openDeployment({ ...variant, mailboxes: ['sales@contoso.com'] }, {}, structuredClone(applied))
    const headers = { 'content-type': 'application/json' }
    it.sandbox.faults.push({ service, times: 10_000, when: 'instead', answer: { status, headers, body } })
    const found = await verified(it.sandbox, yaml({ ...variant, mailboxes: ['sales@contoso.com'] }))
    const bad = found.checks.filter(({ name, status: outcome }) => outcome !== 'passed' && !name.startsWith('mailbox '))
    expect(bad.length).toBeGreaterThan(0)
    for (const { name, detail } of bad) {
      expect(detail, name).toMatch(
        /^(Could not|Skipped, because|The vault does not let|No sign-in could be tried|No mailbox was)/,
      )
      expect(detail, name).not.toMatch(/does not exist|has no |has none|does not keep|does not list/)
    }
    await it.close()
  })

  test('the key of the certificate, for another reason: it is not reported as a missing right', async () => {
    const it = await openDeployment({ create: 'rbac' })
    await it.apply()
    const answer = { status: 400, headers: { 'content-type': 'application/json' }, body: json({ code: 'Odd', message: 'Odd.' }) }
    it.sandbox.faults.push({ service: 'keyVault', url: '/secrets/HMA-Cert', times: 1000, when: 'instead', answer })
    const found = await verified(it.sandbox, yaml({ create: 'rbac' }))
    expect(found.checks.find(({ name }) => name === 'certificate')).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/^Could not .*Odd/),
    })
    await it.close()
  })
})

describe('what hma may not know', () => {
  test('without a copy in the vault, the secret is not tested but the rest of the chain is', async () => {
    const it = await openDeployment({ create: 'rbac' })
    await it.apply()
    const found = await verified(it.sandbox, yaml({ create: 'rbac' }))
    expect(named(found, 'skipped')).toEqual(['keyVaultSignIn', 'vaultRead'])
    expect(found.checks.find(({ name }) => name === 'keyVaultSignIn')?.hint).toContain('vaultSecretName')
    expect(named(found, 'passed')).toContain('inbox')
    expect(found.code).toBe(0)
    await it.close()
  })

  test('a tenant that does not exist', async () => {
    const unknown = '77777777-7777-7777-7777-777777777777'
    const found = await broken({
      configuration: (text) => text.replace(`hmaApp:\n  tenantId: ${ids.exchangeTenant}`, `hmaApp:\n  tenantId: ${unknown}`),
    })
    expect(found.checks.find(({ name }) => name === 'tenant')).toMatchObject({
      status: 'failed',
      hint: expect.stringContaining('hmaApp.tenantId'),
    })
  })

  test('no secret or token is ever shown', async () => {
    const found = await broken({ break: on({ ewsEnabled: false }) })
    expect(found.stdout + found.stderr).not.toMatch(/eyJ|PRIVATE KEY|MII/)
  })
})
