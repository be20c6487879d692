import type { World } from '../../packages/sandbox/src/azure.ts'
import { type Answer, ask, bearer, principal } from '../../packages/sandbox/test/support/sandbox.ts'
import { ids, type OpenDeployment } from './deployment.ts'

type Act = (method: string, path: string, body?: object) => Promise<Answer>

/** Manual changes by a user with every right, bypassing hma: plain requests to the services. */
export interface Portal {
  /** Paths below the certificate. */
  readonly vault: Act
  /** Paths below the vault. */
  readonly vaultRoot: Act
  /** In the vault's tenant, where KV-App is. */
  readonly graph: Act
  /** In the tenant where HMA-App is. */
  readonly mailGraph: Act
  readonly resourceManager: Act
  readonly dynamics: Act
}

/** Distinguishes these requests from hma's. */
export const personsAgent = 'somebody in a portal'

const vaultUrl = 'https://kv-contoso-mail.vault.azure.net'
const environment = 'https://contoso.crm4.dynamics.com'
const graphUrl = 'https://graph.microsoft.com'

/** The tenant in which HMA-App is, or will be. */
function mailTenant({ directory }: World): string {
  const holds = (id: string): boolean =>
    Object.values(directory.tenants[id]?.applications ?? {}).some(({ uniqueName }) => uniqueName === 'hma-contoso-hma-app')
  return holds(ids.vaultTenant) ? ids.vaultTenant : ids.exchangeTenant
}

export function portal({ sandbox }: Pick<OpenDeployment, 'sandbox'>): Portal {
  const tenant = mailTenant(sandbox.world)
  const as =
    (tenantId: string) =>
    (resource: string, url: (path: string) => string): Act =>
    async (method, path, body) => {
      const authorization = await bearer(sandbox, principal(sandbox, tenantId), resource)
      const headers = { authorization, 'user-agent': personsAgent }
      return ask(sandbox, url(path), { method, headers, ...(body && { body }) })
    }
  const [owner, mailOwner] = [as(ids.vaultTenant), as(tenant)]
  const inVault = (root: string) => owner('https://vault.azure.net', (path) => `${root}${path}?api-version=7.4`)
  return {
    vault: inVault(`${vaultUrl}/certificates/HMA-Cert`),
    vaultRoot: inVault(vaultUrl),
    graph: owner(graphUrl, (path) => `${graphUrl}/v1.0${path}`),
    mailGraph: mailOwner(graphUrl, (path) => `${graphUrl}/v1.0${path}`),
    resourceManager: owner(
      'https://management.azure.com',
      (path) => `https://management.azure.com${path}?api-version=2022-04-01`,
    ),
    dynamics: mailOwner(environment, (path) => `${environment}/api/data/v9.2${path}`),
  }
}

/** A new version that the vault signs itself, as the portal makes one: current a second later, without notice. */
export async function newVersion(here: OpenDeployment): Promise<void> {
  const { vault } = portal(here)
  const policy = { issuer: { name: 'Self' }, x509_props: { subject: 'CN=hma.contoso.com', validity_months: 12 } }
  const { status, text } = await vault('POST', '/create', { policy })
  if (status !== 202) throw new Error(text)
  here.sandbox.advance(2000)
  await vault('GET', '/pending')
}
