import { parseHttps } from '../../config/origin.ts'
import { patterns, rules } from '../../config/schema/words.ts'
import { type Answers, keptAs } from '../../config/write/starter.ts'
import type { Question } from '../../views/terminal/question.ts'

/** A question of `hma init`, and the flag that answers it. */
export interface InitQuestion extends Omit<Question, 'proposal'> {
  readonly flag: string
  /** The full value of an accepted answer. */
  read(answer: string): string
  /** The answer if neither the user nor a flag supplies one. Such a question is optional. */
  readonly otherwise?: string
}

const plain = (answer: string): string => answer

const guid = new RegExp(patterns.tenantKey, 'u')

/** A tenant by id or by one of its domains, which Entra resolves (openid-configuration). */
export const isDomain = (answer: string): boolean => /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(answer)

const tenant = (answer: string): string | undefined =>
  guid.test(answer) || isDomain(answer) ? undefined : 'Enter a domain of the tenant (contoso.com), or its id (a GUID).'

const fitting =
  (pattern: string) =>
  (answer: string): string | undefined =>
    new RegExp(pattern, 'u').test(answer)
      ? undefined
      : `It ${rules[pattern] ?? 'must be a GUID, such as 22222222-2222-2222-2222-222222222222'}.`

const address = (answer: string): URL | undefined =>
  answer === '' ? undefined : parseHttps(/^[a-z]+:\/\//i.test(answer) ? answer : `https://${answer}`)

/** A host alone implies the usual path: https://learn.microsoft.com/exchange/client-developer/exchange-web-services */
function ews(answer: string): string {
  const url = address(answer)
  return url === undefined ? answer : url.pathname === '/' ? `${url.origin}/EWS/Exchange.asmx` : url.href
}

/** A vault by name or address. */
const vaultName = (answer: string): string =>
  answer.includes('.') ? (address(answer)?.hostname.split('.')[0] ?? answer) : answer

/** In the order asked: earlier answers lead to proposals for later ones. */
export const questions = {
  ewsUrl: {
    ...{ flag: '--ews-url', text: 'Host name or URL of Exchange Web Services', example: 'mail.contoso.com', read: ews },
    refuse: (answer) => (address(answer) ? undefined : 'Enter a host name, or a URL that starts with https://.'),
  },
  testMailbox: {
    ...{
      flag: '--test-mailbox',
      text: 'Test mailbox for `hma verify` (- for none)',
      example: 'svc-d365@contoso.com',
      otherwise: '-',
    },
    read: (answer) => (answer === '-' ? '' : answer),
    refuse: (answer) => (answer === '-' || /^[^@\s]+@[^@\s]+$/.test(answer) ? undefined : 'Enter a mail address, or - for none.'),
  },
  environmentUrl: {
    ...{ flag: '--environment', text: 'Dynamics environment (- for none)', example: 'contoso.crm4.dynamics.com' },
    read: (answer) => (answer === '-' ? '' : (address(answer)?.origin ?? '')),
    refuse: (answer) => (answer === '-' || address(answer) ? undefined : 'Enter a host name, a URL, or - for none.'),
  },
  tenantId: {
    ...{
      flag: '--tenant',
      text: 'Domain or id of the tenant of Exchange and Dynamics (Entra admin center, Overview)',
    },
    ...{ read: (answer) => answer.toLowerCase(), refuse: tenant },
  },
  vault: {
    ...{ flag: '--vault', text: 'Name or URL of the key vault', read: vaultName },
    refuse: (answer) => fitting(patterns.vaultName)(vaultName(answer)),
  },
  vaultTenantId: {
    ...{ flag: '--vault-tenant', text: "Domain or id of the vault's tenant", refuse: tenant },
    read: (answer) => answer.toLowerCase(),
  },
  subscriptionId: {
    ...{
      flag: '--subscription',
      text: "Id of the vault's subscription (Azure portal, Subscriptions)",
      read: (answer) => answer.toLowerCase(),
    },
    refuse: fitting(patterns.tenantKey),
  },
  resourceGroup: {
    ...{ flag: '--resource-group', text: 'Resource group of the vault', read: plain },
    refuse: fitting(patterns.resourceGroup),
  },
  location: {
    ...{ flag: '--create-vault', text: 'Region to create the vault in (- if the vault exists)', example: 'westeurope' },
    read: (answer) => (answer === '-' ? '' : answer.toLowerCase()),
    refuse: (answer) => (/^[a-z0-9]+$|^-$/i.test(answer) ? undefined : 'Enter a region, or - if the vault exists.'),
  },
  vaultSecretName: {
    ...{
      flag: '--vault-copy',
      text: 'Keep a copy of the client secret in the vault, so that `hma verify` can sign in as KV-App? (yes/no)',
    },
    ...{ otherwise: 'yes', read: (answer) => (/^y/i.test(answer) ? keptAs : '') },
    refuse: (answer) => (/^(y|yes|n|no)$/i.test(answer) ? undefined : 'Answer yes or no.'),
  },
  name: {
    ...{ flag: '--name', text: 'Name of this deployment', read: plain },
    refuse: fitting(patterns.deploymentName),
  },
} as const satisfies Readonly<Record<keyof Answers, InitQuestion>>
