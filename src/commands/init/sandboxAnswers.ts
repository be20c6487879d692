import type { Answers } from '../../config/write/starter.ts'

/** Answers for a sandbox configuration: the invented names and ids used in the documentation. */
export const sandboxAnswers: Readonly<Record<keyof Answers, string>> = {
  ewsUrl: 'mail.contoso.com',
  testMailbox: 'svc-d365@contoso.com',
  environmentUrl: 'contoso.crm4.dynamics.com',
  tenantId: '22222222-2222-2222-2222-222222222222',
  vault: 'kv-contoso-mail',
  vaultTenantId: '11111111-1111-1111-1111-111111111111',
  subscriptionId: '33333333-3333-3333-3333-333333333333',
  resourceGroup: 'rg-mail',
  location: 'westeurope',
  vaultSecretName: 'yes',
  name: 'contoso',
}
