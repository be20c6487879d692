import { block, type Entry, off, value } from './entry.ts'
import type { Writing } from './writing.ts'

/** The answers for a first configuration. An empty text means no. */
export interface Answers {
  readonly ewsUrl: string
  /** The mailbox whose inbox `hma verify` opens. */
  readonly testMailbox: string
  readonly environmentUrl: string
  readonly tenantId: string
  readonly vault: string
  readonly vaultTenantId: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** The region to create the vault in. */
  readonly location: string
  /** The vault secret with the copy of KV-App's client secret. */
  readonly vaultSecretName: string
  readonly name: string
}

/** A first configuration: the answers, plus useful options commented out. */
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
        ...secretCopy(answers),
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
      answers.testMailbox === ''
        ? off('testMailbox', 'svc-d365@contoso.com', 'hma verify opens its inbox')
        : value('testMailbox', answers.testMailbox, 'hma verify opens its inbox'),
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

/** Without Dynamics, the vault is the only place that keeps it. */
function secretCopy({ environmentUrl, vaultSecretName }: Answers): readonly Entry[] {
  const name = vaultSecretName || keptAs
  if (environmentUrl === '') return [value('vaultSecretName', name, 'where you find it for the form in Dynamics')]
  const why = 'a copy in the vault: with it, hma verify can sign in as KV-App'
  return [vaultSecretName === '' ? off('vaultSecretName', name, why) : value('vaultSecretName', name, why)]
}

/** The proposed name of the copy. */
export const keptAs = 'hma-kv-app-client-secret'
