import { ids, type Stage } from './deployment.ts'
import { type Answer, ask, bearer, principal } from './sandbox.ts'

/** What somebody with every right does by hand, past hma: plain requests to the services. */
export interface Portal {
  vault(method: string, path: string, body?: object): Promise<Answer>
  graph(method: string, path: string, body?: object): Promise<Answer>
  resourceManager(method: string, path: string, body?: object): Promise<Answer>
}

const certificates = 'https://kv-contoso-mail.vault.azure.net/certificates/HMA-Cert'

/** `graph` is that of the vault's tenant, where KV-App is. */
export function portal({ sandbox }: Pick<Stage, 'sandbox'>): Portal {
  const owner = principal(sandbox, ids.vaultTenant)
  const at =
    (resource: string, url: (path: string) => string) =>
    async (method: string, path: string, body?: object): Promise<Answer> => {
      const authorization = await bearer(sandbox, owner, resource)
      return ask(sandbox, url(path), { method, headers: { authorization }, ...(body && { body }) })
    }
  return {
    vault: at('https://vault.azure.net', (path) => `${certificates}${path}?api-version=7.4`),
    graph: at('https://graph.microsoft.com', (path) => `https://graph.microsoft.com/v1.0${path}`),
    resourceManager: at('https://management.azure.com', (path) => `https://management.azure.com${path}?api-version=2022-04-01`),
  }
}

/** A new version that the vault signs itself, as the portal makes one: current a second later, and nobody told. */
export async function newVersion(here: Stage): Promise<void> {
  const { vault } = portal(here)
  const policy = { issuer: { name: 'Self' }, x509_props: { subject: 'CN=hma.contoso.com', validity_months: 12 } }
  const { status, text } = await vault('POST', '/create', { policy })
  if (status !== 202) throw new Error(text)
  here.sandbox.advance(2000)
  await vault('GET', '/pending')
}
