import type { Configuration } from '../config/schema.ts'

/**
 * What a configuration presupposes: the tenants, the vault that must exist, Exchange, the Dynamics
 * environment, and registrations that it adopts by appId. Plain data for seeding a sandbox.
 */
export function prerequisites({ name, keyVault, keyVaultApp, hmaApp, exchange, dynamics }: Configuration) {
  const { create, ...vault } = keyVault
  const registration = (tenantId: string, { appId, displayName }: { appId?: string; displayName: string }) =>
    appId === undefined ? [] : [{ tenantId, appId, displayName }]
  return {
    name,
    vault: { ...vault, exists: create === undefined },
    exchange: {
      tenantId: hmaApp.tenantId,
      ewsUrl: exchange.ewsUrl,
      resourceId: exchange.resourceId,
      ...(exchange.testMailbox !== undefined && { testMailbox: exchange.testMailbox }),
      ...(exchange.servicePrincipalName === 'register' && { named: false }),
    },
    ...(dynamics && {
      dynamics: {
        tenantId: dynamics.tenantId,
        environmentUrl: dynamics.environmentUrl,
        mailboxes: dynamics.mailboxes.map((one) => one.address),
      },
    }),
    registrations: [...registration(keyVault.tenantId, keyVaultApp), ...registration(hmaApp.tenantId, hmaApp)],
  }
}
