import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { ids, stage, yaml } from '../support/deployment.ts'
import { type Verified, verified } from '../support/verify.ts'
import { type Breakage, breakages, on, variant } from './breakages.ts'

let applied: World

beforeAll(async () => {
  const it = await stage(variant)
  await it.apply()
  applied = structuredClone(it.sandbox.world)
  await it.close()
}, 60_000)

async function broken(one: Partial<Breakage>, rights: 'owner' | 'reader' = 'owner'): Promise<Verified> {
  const world = structuredClone(applied)
  one.break?.(world)
  if (one.after) world.ahead += Number.parseInt(one.after, 10) * 86_400_000
  const it = await stage(variant, {}, world)
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

  test('is proven with read rights alone, and nothing is written', async () => {
    const world = structuredClone(applied)
    const it = await stage(variant, {}, world)
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

describe('a refusal that is about something else than a right', () => {
  const answers = [
    ['the environment is disabled', 'dataverse', '{"error":{"code":"0x8004a104","message":"The organization is disabled."}}'],
    [
      'the vault lets nobody in from here',
      'keyVault',
      '{"error":{"code":"Forbidden","message":"Client address is not authorized.","innererror":{"code":"ForbiddenByFirewall"}}}',
    ],
  ] as const

  test.each(answers)('%s: verify fails', async (_what, service, body) => {
    const it = await stage(variant, {}, structuredClone(applied))
    it.sandbox.faults.push({ service, times: 1000, when: 'instead', answer: { status: 403, body } })
    const found = await verified(it.sandbox, yaml(variant))
    expect(named(found, 'failed').length).toBeGreaterThan(0)
    expect(found.code).toBe(1)
    await it.close()
  })
})

describe('what hma may not know', () => {
  test('without a copy in the vault the secret is not tried, and the rest of the chain is', async () => {
    const it = await stage({ create: 'rbac' })
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

  test('no secret and no token is ever told', async () => {
    const found = await broken({ break: on({ ewsEnabled: false }) })
    expect(found.stdout + found.stderr).not.toMatch(/eyJ|PRIVATE KEY|MII/)
  })
})
