import { vaultUri } from '../../azure/cloud.ts'
import type { Answers } from '../../config/write/starter.ts'
import { HmaError } from '../../core/errors.ts'
import type { Exploration } from '../../session/explore.ts'
import type { AzureAccount } from './azureCli.ts'

/** What is known when a question is asked. */
export interface KnownAnswers {
  readonly known: Partial<Answers>
  readonly account: AzureAccount | undefined
  readonly exploration: Exploration | undefined
}

/** Likely answers, found without any rights if possible; undefined if unknown. */
export const proposals: Readonly<Record<keyof Answers, (round: KnownAnswers) => Promise<string | undefined>>> = {
  ewsUrl: async () => undefined,
  testMailbox: async () => undefined,
  environmentUrl: async () => undefined,
  async tenantId({ known: { environmentUrl, ewsUrl }, account, exploration }) {
    const named = environmentUrl && (await seen(exploration, ({ search }) => search.tenantOfEnvironment(environmentUrl)))
    if (named) return named
    return (ewsUrl && (await seen(exploration, ({ search }) => search.tenantOfDomain(domainOf(ewsUrl))))) ?? account?.tenantId
  },
  vault: async () => undefined,
  async vaultTenantId({ known: { vault }, account, exploration }) {
    const named = vault ? await seen(exploration, ({ search, cloud }) => search.tenantOfVault(vaultUri(cloud, vault))) : undefined
    return named ?? account?.tenantId
  },
  async subscriptionId(round) {
    const found = await vaultOf(round)
    const { known, account } = round
    return found?.subscriptionId ?? (account?.tenantId === known.vaultTenantId ? account?.subscriptionId : undefined)
  },
  resourceGroup: async (round) => (await vaultOf(round))?.resourceGroup,
  location: async (round) => ((await vaultOf(round)) ? '-' : undefined),
  vaultSecretName: async () => undefined,
  async name({ known: { environmentUrl, ewsUrl } }) {
    const label = environmentUrl ? new URL(environmentUrl).hostname.split('.')[0] : ewsUrl && domainOf(ewsUrl).split('.')[0]
    return label ? label.replace(/[^a-z0-9-]/g, '-').slice(0, 32) : undefined
  },
}

/** `mail.contoso.com` usually belongs to `contoso.com`. */
function domainOf(ewsUrl: string): string {
  const { hostname } = new URL(ewsUrl)
  return hostname.split('.').length > 2 ? hostname.slice(hostname.indexOf('.') + 1) : hostname
}

/** The vault, if the signed-in identity can see it. */
async function vaultOf({ known: { vault, vaultTenantId }, exploration }: KnownAnswers) {
  if (!vault || !vaultTenantId) return undefined
  const search = await orUndefined(exploration?.search.vaultsNamed(vaultTenantId, vault))
  return search?.found[0]
}

/** What an unsigned request reveals immediately. Signing in may take too long for a proposal. */
const seen = <Answer>(exploration: Exploration | undefined, look: (exploration: Exploration) => Promise<Answer>) =>
  orUndefined(exploration?.glance(() => look(exploration)))

/** If no account is signed in or no host answers, there is simply nothing to propose. */
async function orUndefined<Answer>(look: Promise<Answer> | undefined): Promise<Answer | undefined> {
  return look?.catch((error: unknown) => {
    if (error instanceof HmaError) return undefined
    throw error
  })
}
