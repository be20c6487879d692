import type { Change } from '../../src/core/plan.ts'
import { type DeploymentPlan, type PlanFile, planFile } from '../../src/core/planFile.ts'

const consent = `An administrator of the tenant opens this link and agrees:
https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/adminconsent?client_id=44444444-4444-4444-4444-444444444444`

const change = (name: string, rest: Partial<Change> & Pick<Change, 'action'>, kind = name): Change => ({
  address: `contoso/${name}`,
  kind,
  differences: [],
  after: [],
  ...rest,
})

/** A deployment with changes of every kind. */
export const mixed: readonly Change[] = [
  change('vault', {
    action: 'create',
    reason: 'missing',
    differences: [
      { field: 'name', to: 'kv-contoso-mail' },
      { field: 'subscriptionId', to: '33333333-3333-3333-3333-333333333333' },
      { field: 'resourceGroup', to: 'rg-mail' },
      { field: 'location', to: 'westeurope' },
      { field: 'sku', to: 'standard' },
      { field: 'softDeleteRetentionDays', to: 90 },
      { field: 'purgeProtection', to: true },
      { field: 'authorization', to: 'rbac' },
      { field: 'tags', to: { a: 1 } },
    ],
  }),
  change('keyVaultApp', { action: 'adopt', reason: 'unmarked', differences: [{ field: 'mark', to: 'contoso' }] }, 'application'),
  change('certificate', {
    action: 'update',
    reason: 'expiring',
    differences: [
      {
        field: 'version',
        why: 'expires in 12 days (renewal was due 18 days ago)',
        reason: 'expiring',
      } as Change['differences'][number],
    ],
  }),
  change('emailServerProfile', {
    action: 'update',
    reason: 'differs',
    differences: [
      { field: 'name', from: 'Old', to: 'Exchange on-premises (HMA)' },
      { field: 'keyVaultApplicationId', from: 'x', to: { $ref: 'contoso/keyVaultApp', field: 'appId' } },
      {
        field: 'ewsUrl',
        from: 'https://old-mail.contoso.com/EWS/Exchange.asmx',
        to: 'https://mail.contoso.com/EWS/Exchange.asmx',
      },
    ],
  }),
  change('clientSecret', { action: 'remove', reason: 'requested', differences: [{ field: 'exists', from: true, to: false }] }),
  change('adminConsent', {
    action: 'manual',
    reason: 'waiting',
    differences: [{ field: 'granted', from: false, to: true }],
    instructions: consent,
  }),
  change('apiPermission', { action: 'none' }),
  change('hmaApp', { action: 'none' }),
]

export const planned = (...deployments: readonly DeploymentPlan[]): PlanFile =>
  planFile(deployments, { hmaVersion: '0.1.0', createdAt: new Date('2026-01-01T00:00:00Z') })

export const contoso = (...changes: readonly Change[]): PlanFile => planned({ name: 'contoso', changes })

export const made = change
