import { afterEach, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { feasible } from '../../src/core/plan.ts'
import { type OpenDeployment, openDeployment, type Variant, writes, yaml } from '../support/deployment.ts'
import { verified } from '../support/verify.ts'

let here: OpenDeployment
afterEach(() => here.close())

const vaultIn = (world: World) => {
  const [vault] = Object.values(world.resources.vaults)
  if (!vault) throw new Error('there is no vault')
  return vault
}

async function applied(variant: Variant): Promise<OpenDeployment> {
  here = await openDeployment(variant)
  await here.apply()
  return here
}

describe('before a vault is created', () => {
  test('a missing resource group is reported in the plan, and nothing is written', async () => {
    here = await openDeployment({ create: 'rbac' })
    here.sandbox.world.resources.resourceGroups.splice(0)
    const changes = await here.plan()
    const vault = changes.find(({ address }) => address === 'contoso/vault')
    expect(vault).toMatchObject({ action: 'manual', instructions: expect.stringContaining('az group create --name rg-mail') })
    expect(feasible(changes)).toEqual([])
  })

  test('a name that is already taken is reported in the plan', async () => {
    const other = await openDeployment({ create: 'rbac', name: 'contoso' })
    here = other
    await other.apply()
    const vault = vaultIn(other.sandbox.world)
    vault.resourceGroup = 'rg-other'
    const before = other.sandbox.log.length
    const changes = await other.plan()
    expect(changes.find(({ address }) => address === 'contoso/vault')).toMatchObject({
      action: 'manual',
      instructions: expect.stringContaining('keyVault.name'),
    })
    expect(writes(other.sandbox.log.slice(before))).toEqual([])
  })
})

describe('an access policy entry of KV-App that names an application', () => {
  test('is ignored, and apply gives KV-App its own entry', async () => {
    const { sandbox, plan, apply } = await applied({ create: 'accessPolicy', copy: true })
    const entries = vaultIn(sandbox.world).properties.accessPolicies
    for (const entry of entries)
      if (entry.permissions.certificates.length === 1) entry.applicationId = '99999999-9999-9999-9999-999999999999'
    expect((await plan()).filter(({ action }) => action !== 'none').map(({ address }) => address)).toEqual([
      'contoso/vaultAccess',
    ])
    await apply()
    expect(await plan()).toEqual((await plan()).filter(({ action }) => action === 'none'))
    expect(entries.some(({ applicationId }) => applicationId !== undefined)).toBe(true)
  })
})

describe('a foreign order under the name of the certificate', () => {
  test('is a manual action, and everything else continues', async () => {
    const { sandbox, plan, apply } = await applied({ copy: true })
    const certificate = sandbox.world.vaults[Object.keys(sandbox.world.vaults)[0] ?? '']?.certificates['hma-cert']
    if (!certificate) throw new Error('there is no certificate')
    const policy = structuredClone(certificate.policy)
    policy.issuer.name = 'DigiCert'
    Object.assign(certificate, { operation: { ...(await waiting()), policy, issuer: policy.issuer } })
    const changes = await plan()
    expect(changes.find(({ address }) => address === 'contoso/certificateRequest')).toMatchObject({
      action: 'manual',
      reason: 'waiting',
      instructions: expect.stringMatching(/DigiCert.*az keyvault certificate pending delete/s),
    })
    const { writes: written } = await apply({ rotate: 'clientSecret' })
    expect(written.length).toBeGreaterThan(0)
    expect(sandbox.violations).toEqual([])
  })

  /** An operation as the sandbox keeps one. */
  async function waiting() {
    const other = await openDeployment({ certificate: ['source: csr', 'subject: CN=hma.contoso.com', 'signedFile: ./none.cer'] })
    try {
      await other.apply()
      return Object.values(other.sandbox.world.vaults)[0]?.certificates['hma-cert']?.operation
    } finally {
      await other.close()
    }
  }
})

describe('network rules of the vault', () => {
  test.each([
    ['off', { publicNetworkAccess: 'Disabled' }, /disabled/],
    ['rules', { networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '20.0.0.0/8' }] } }, /deny access by default/],
    ['perimeter', { publicNetworkAccess: 'SecuredByPerimeter' }, /network security perimeter/],
  ])('%s: a remark in plan and verify', async (_name, properties, text) => {
    const { sandbox } = await applied({ create: false, copy: true })
    Object.assign(vaultIn(sandbox.world).properties, properties)
    const found = await verified(sandbox, yaml({ create: false, copy: true }))
    const told: { remarks?: { text: string; severity: string; address: string }[] } = JSON.parse(found.stdout).contoso ?? {}
    if (_name === 'perimeter')
      expect(told.remarks).toContainEqual(
        expect.objectContaining({ address: 'contoso/vault', severity: 'warning', text: expect.stringMatching(text) }),
      )
    else expect(found.code).toBe(1)
  })
})

test('only the resource id decides whether tokens are issued', async () => {
  const { sandbox } = await applied({ copy: true })
  const text = yaml({ copy: true }).replace(
    'exchange:\n',
    'exchange:\n  resourceId: https://exchange.contoso.com\n  trustEwsHost: true\n',
  )
  for (const tenant of Object.values(sandbox.world.directory.tenants))
    for (const one of Object.values(tenant.servicePrincipals))
      one.servicePrincipalNames = one.servicePrincipalNames.map((name) =>
        name.replace('mail.contoso.com', 'exchange.contoso.com'),
      )
  const found = await verified(sandbox, text)
  expect(found.checks.find(({ name }) => name === 'servicePrincipalName')).toMatchObject({ status: 'warning' })
})
