import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { fields, readSpec, text } from './specs.ts'
import type { Place } from './world.ts'

/** A recorded exchange with Microsoft Graph. */
export interface Exchange {
  readonly name: string
  readonly method: string
  /** Path and query behind `/v1.0`. */
  readonly path: string
  readonly body: unknown
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly answer: unknown
  /** What a later GET showed of it. */
  readonly thenGet: unknown
}

export function graphExchanges(): readonly Exchange[] {
  const { exchanges } = readSpec('graph/examples.json')
  return (Array.isArray(exchanges) ? exchanges : []).map((one: unknown) => {
    const { name, request, response } = fields(one)
    const [asked, answered] = [fields(request), fields(response)]
    return {
      ...{ name: text(name), method: text(asked.method), body: asked.body },
      path: decodeURIComponent(text(asked.url).replace(/^https:\/\/[^/]+\/v1\.0/, '')),
      ...{ status: Number(answered.status), headers: fields(answered.headers), answer: answered.body, thenGet: answered.thenGet },
    }
  })
}

/** Objects of ours, in place of those of the recording. */
export interface Objects {
  readonly applicationId: string
  readonly appId: string
  readonly principalId: string
  readonly exchangeId: string
  readonly keyId: string
}

/** A registration with a secret, as the recording has it when it is read. */
export async function registration({ graph }: Place): Promise<Objects> {
  const { json: application } = await graph('POST', '/applications', {
    ...{ displayName: 'azure-cli-test-000001', serviceManagementReference: '96524024-75b0-497b-ab38-0381399a6a9d' },
  })
  const { json: secret } = await graph('POST', `/applications/${application.id}/addPassword`, {})
  const { json: exchange } = await graph('GET', "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')")
  const { json: made } = await graph('POST', '/applications', { displayName: 'HMA-App' })
  const { json: principal } = await graph('POST', '/servicePrincipals', { appId: made.appId })
  return {
    ...{ applicationId: text(application.id), appId: text(application.appId), keyId: text(secret.keyId) },
    ...{ principalId: text(principal.id), exchangeId: text(exchange.id) },
  }
}

/** The application for which the recording makes a service principal: it has none yet. */
async function withoutPrincipal({ graph }: Place): Promise<string> {
  const { json } = await graph('POST', '/applications', { displayName: 'azure-cli-test-000001' })
  return text(json.appId)
}

/** The exchange with our ids, and a real certificate where the recording was scrubbed. */
export async function adapted(at: Place, { name, path, body }: Exchange, ours: Objects): Promise<{ path: string; body: object }> {
  const id = /^\/servicePrincipals\/[^/?]+/.test(path) ? ours.exchangeId : ours.applicationId
  const place = path
    .replace(/^(\/\w+\/)[^/?$]+/, `$1${id}`)
    .replace(/appId eq '[^']*'/, `appId eq '${ours.appId}'`)
    .replace(
      /\?(.*)$/,
      (_all, query: string) =>
        `?${query.replace(/^([^=]*)=(.*)$/, (_whole, key, value) => `${key}=${encodeURIComponent(value)}`)}`,
    )
  if (name === 'create servicePrincipal') return { path: place, body: { ...fields(body), appId: await withoutPrincipal(at) } }
  if (name === 'removePassword') return { path: place, body: { keyId: ours.keyId } }
  if (name === 'grant app role')
    return { path: place, body: { ...fields(body), principalId: ours.principalId, resourceId: ours.exchangeId } }
  if (!name.startsWith('keyCredentials')) return { path: place, body: fields(body) }
  const { der, notBefore, notAfter } = await selfSigned('CN=CLI-Login', at.sandbox.now(), 365)
  const dates = { startDateTime: notBefore.toISOString(), endDateTime: notAfter.toISOString() }
  const key = { '@odata.type': '#microsoft.graph.keyCredential', displayName: null, key: der, keyId: crypto.randomUUID() }
  return { path: place, body: { keyCredentials: [{ ...key, ...dates, type: 'AsymmetricX509Cert', usage: 'Verify' }] } }
}
