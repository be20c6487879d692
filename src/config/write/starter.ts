import { block, type Entry, off, value } from './entry.ts'
import type { Writing } from './writing.ts'

/** What a first configuration is made of. An empty text is a no. */
export interface Answers {
  readonly ewsUrl: string
  readonly environmentUrl: string
  readonly tenantId: string
  readonly vault: string
  readonly vaultTenantId: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** Where the vault is to be made. */
  readonly location: string
  readonly name: string
}

/** A configuration to begin with: what was said, and what is worth knowing, switched off. */
export const starter = (answers: Answers, access: readonly Entry[]): Writing => ({
  header: [
    'Written by `hma init`. `hma plan` previews the changes, `hma apply` makes them, and a scheduled `hma apply --yes` keeps them up to date.',
  ],
  entries: [
    value('apiVersion', 'hma/v1'),
    value('name', answers.name, 'never change it: it is the mark on everything hma creates'),
    ...access.filter((entry) => !('value' in entry && entry.key === 'cloud' && entry.value === 'public')),
    vault(answers),
    block('certificate', [
      value('name', 'HMA-Cert'),
      value('validityMonths', 12, 'renewed renewBeforeDays (30) before it expires'),
      off('source', 'csr', 'your own CA signs: see the guide'),
    ]),
    block('keyVaultApp', [
      value('displayName', 'KV-App'),
      block('clientSecret', [
        answers.environmentUrl === ''
          ? value('vaultSecretName', 'hma-kv-app-client-secret', 'where you find it for the form in Dynamics')
          : off('vaultSecretName', 'hma-kv-app-client-secret', 'keep a copy in the vault too'),
        value('lifetimeDays', 180, 'renewed renewBeforeDays (30) before it expires'),
      ]),
    ]),
    block('hmaApp', [
      value('tenantId', answers.tenantId),
      value('displayName', 'HMA-App'),
      off('adminConsent', 'manual', 'an administrator consents; hma shows the link'),
    ]),
    block('exchange', [
      value('ewsUrl', answers.ewsUrl),
      off('testMailbox', 'svc-d365@contoso.com', 'hma verify opens its inbox'),
    ]),
    ...dynamics(answers),
  ],
})

const vault = ({ vault, vaultTenantId, subscriptionId, resourceGroup, location }: Answers): Entry =>
  block('keyVault', [
    value('tenantId', vaultTenantId),
    value('subscriptionId', subscriptionId),
    value('resourceGroup', resourceGroup),
    value('name', vault),
    ...(location === '' ? [] : [block('create', [value('location', location)])]),
  ])

const dynamics = ({ environmentUrl }: Answers): readonly Entry[] =>
  environmentUrl === ''
    ? []
    : [
        block('dynamics', [
          value('environmentUrl', environmentUrl),
          block('profile', [value('name', 'Exchange on-premises (HMA)')]),
          off('mailboxes', ['sales@contoso.com'], 'put on the profile, tested and enabled'),
        ]),
      ]
