// Collects answers to the open questions of docs/confirm-on-azure.md from a real tenant. It only reads: every request is a GET.
// Run after a build: node scripts/confirm-on-azure.mjs [hma.config.yaml] > evidence.json
// Secrets are left out, and ids, addresses and host names are replaced; read the file before you pass it on.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
const nobody = '00000000-0000-0000-0000-000000000001'

/** The requests. Each `id` is explained in docs/confirm-on-azure.md. */
export function questionsOf(configuration, cloud) {
  return [
    ...ofVault(configuration, cloud),
    ...ofDirectory(configuration, cloud),
    ...ofDynamics(configuration),
    ...ofExchange(configuration),
  ]
}

function ofVault({ keyVault, certificate }, cloud) {
  const { tenantId, subscriptionId, resourceGroup, name } = keyVault
  const group = `${cloud.resourceManager}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/${name}`
  const arm = (id, url) => ({ id, url, tenantId, scope: `${cloud.resourceManager}/.default` })
  const uri = `https://${name.toLowerCase()}.${cloud.keyVaultSuffix}`
  const scope = `https://${cloud.keyVaultSuffix.replace(/:\d+$/, '')}/.default`
  const data = (id, path) => ({ id, url: `${uri}${path}?api-version=2025-07-01`, tenantId, scope })
  const of = `/certificates/${certificate.name}`
  return [
    arm('vault.current', `${vault}?api-version=2026-02-01`),
    arm('vault.older', `${vault}?api-version=2023-07-01`),
    arm('vault.absent', `${vault.slice(0, -1)}?api-version=2026-02-01`),
    arm('vault.absentGroup', `${vault.replace(`/${resourceGroup}/`, '/rg-that-is-not-there/')}?api-version=2026-02-01`),
    arm(
      'vault.deleted',
      `${cloud.resourceManager}/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/deletedVaults?api-version=2026-02-01`,
    ),
    arm('vault.roles', `${vault}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()`),
    data('certificate.current', `${of}/`),
    data('certificate.operation', `${of}/pending`),
    data('certificate.versions', `${of}/versions`),
    data('certificate.listed', '/certificates'),
    data('certificate.deleted', '/deletedcertificates'),
    data('certificate.absent', '/certificates/that-is-not-there/'),
    data('secret.versions', `/secrets/${certificate.name}/versions`),
    { id: 'vault.challenge', url: `${uri}/secrets?api-version=2025-07-01` },
  ]
}

function ofDirectory({ name, keyVault, hmaApp, keyVaultApp }, cloud) {
  const ask = (tenantId, id, path) => ({ id, url: `${cloud.graph}/v1.0${path}`, tenantId, scope: `${cloud.graph}/.default` })
  const key = ({ appId }, kind) => (appId === undefined ? `uniqueName='hma-${name}-${kind}'` : `appId='${appId}'`)
  const filter = ({ appId }, kind) => (appId === undefined ? `uniqueName eq 'hma-${name}-${kind}'` : `appId eq '${appId}'`)
  const registration = `/applications(${key(hmaApp, 'hma-app')})`
  const listed = encodeURIComponent(filter(hmaApp, 'hma-app'))
  const on = (id, path) => ask(hmaApp.tenantId, id, path)
  return [
    on('application.whole', registration),
    on('application.keys', `${registration}?$select=id,keyCredentials`),
    on('application.keysListed', `/applications?$filter=${listed}&$select=id,keyCredentials`),
    on('application.owners', `${registration}/owners`),
    on('application.absent', `/applications/${nobody}`),
    on('application.badId', '/applications/none'),
    on('application.badProperty', '/applications?$select=thatIsNotThere'),
    on('application.deleted', '/directory/deletedItems/microsoft.graph.application?$select=id,uniqueName,deletedDateTime'),
    on('exchange.principal', `/servicePrincipals(appId='${exchangeOnline}')?$select=id,appId,appRoles,servicePrincipalNames`),
    on('policy', '/policies/defaultAppManagementPolicy'),
    ask(keyVault.tenantId, 'keyVaultApplication.whole', `/applications(${key(keyVaultApp, 'kv-app')})`),
  ]
}

const columns = {
  keyvaultreferenceid: 'keyvaulturi,keyname,keytype,preauthorizedapplicationtype,_managedidentityid_value',
  managedidentityid: 'name,applicationid,tenantid,credentialsource,subjectscope,_keyvaultreferenceid_value',
}

/**
 * Components for which Power Platform may sign in without a secret. An answer with a `FICSubject` would show that KV-App's secret can go; the
 * documented components do not include these (https://learn.microsoft.com/power-platform/admin/set-up-managed-identity).
 */
const federated = ['emailserverprofile', 'keyvaultreference']

function ofDynamics({ dynamics }) {
  if (dynamics === undefined) return []
  const { environmentUrl, tenantId } = dynamics
  const ask = (id, path) => ({
    ...{ id, tenantId, scope: `${environmentUrl}/.default`, url: `${environmentUrl}/api/data/v9.2/${path}` },
    headers: { 'OData-Version': '4.0', 'OData-MaxVersion': '4.0', Prefer: 'odata.include-annotations="*"' },
  })
  const expand = Object.entries(columns).map(([name, select]) => `${name}($select=${select})`)
  const tables = ['emailserverprofile', 'keyvaultreference', 'managedidentity']
  return [
    ask('profile.rows', `emailserverprofiles?$filter=incomingcredentialretrieval%20eq%206&$expand=${expand.join(',')}`),
    ask('profile.absent', `emailserverprofiles(${nobody})`),
    ask('identity.rows', `managedidentities?$select=${columns.managedidentityid}`),
    ask('reference.rows', `keyvaultreferences?$select=${columns.keyvaultreferenceid}`),
    ...tables.map((table) =>
      ask(
        `table.${table}`,
        `EntityDefinitions(LogicalName='${table}')?$select=LogicalName,IsOptimisticConcurrencyEnabled&$expand=Keys`,
      ),
    ),
    ...tables.map((table) =>
      ask(
        `links.${table}`,
        `EntityDefinitions(LogicalName='${table}')/ManyToOneRelationships?$select=ReferencingAttribute,ReferencingEntityNavigationPropertyName`,
      ),
    ),
    ...federated.map((component) =>
      ask(`federation.${component}`, `GetComponentManagedIdentityFIC(ComponentName='${component}',ComponentId=${nobody})`),
    ),
    ask('dynamics.whoAmI', 'WhoAmI'),
  ]
}

const ofExchange = ({ exchange }) => [{ id: 'exchange.challenge', url: exchange.ewsUrl, headers: { Authorization: 'Bearer' } }]

/** Sends them all, one after the other. `send` returns status, headers and body, or throws. */
export async function collect(questions, send, names = []) {
  const clean = cleaner(names)
  const evidence = []
  for (const { id, url, ...how } of questions) {
    const answer = await send({ id, url, ...how }).catch((error) => ({ failure: String(error?.message ?? error) }))
    evidence.push(clean({ id, request: `GET ${url}`, ...answer, ...(answer.headers && { headers: telling(answer.headers) }) }))
  }
  return evidence
}

const telling = (headers) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      /^(content-type|www-authenticate|retry-after|odata-version|preference-applied|x-ms-diagnostics|x-ms-ratelimit.*|x-ms-resource-unit)$/i.test(
        name,
      ),
    ),
  )

/** Fields whose text is private or long. */
const unsaid =
  /^(value|secrettext|clientsecret|csr|cer|key|x5c|x5t|pwd|thumbprint|customkeyidentifier|hint|.*password|description|address|mail|userprincipalname)$/i

const patterns = [
  ['guid', /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi],
  ['hex', /\b[0-9a-f]{32}\b|\b[0-9A-F]{40}\b/g],
  ['address', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['ip', /\b\d{1,3}(?:\.\d{1,3}){3}\b/g],
]

/** Well-known ids are meaningful and not secret. */
const known = [exchangeOnline, 'dc890d15-9560-4a4c-9b7f-a736ec74ec40', nobody, '00000003-0000-0000-c000-000000000000']

/** Replaces identifying values, each always by the same word, so that connections remain visible. */
function cleaner(names) {
  const given = new Map()
  const wordFor = (sort, found) => {
    const key = found.toLowerCase()
    if (known.includes(key)) return found
    if (!given.has(key)) given.set(key, `${sort}-${given.size + 1}`)
    return given.get(key)
  }
  const words = (text) => {
    const bare = text.replace(/eyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '<token>')
    const named = names.reduce((before, [name, word]) => before.replaceAll(new RegExp(escaped(name), 'gi'), word), bare)
    return patterns.reduce((before, [sort, pattern]) => before.replaceAll(pattern, (found) => wordFor(sort, found)), named)
  }
  const clean = (value, name = '') => {
    if (typeof value === 'string') return unsaid.test(name) || value.length > 2000 ? `<text of ${value.length}>` : words(value)
    if (Array.isArray(value)) return value.map((item) => clean(item, typeof item === 'string' ? name : ''))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [words(key), clean(one, key)]))
  }
  return (value) => clean(value)
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The names in the configuration, and their replacements. */
export const namesOf = ({ keyVault, exchange, dynamics }) => [
  [keyVault.name, 'vault-name'],
  [keyVault.resourceGroup, 'resource-group'],
  [new URL(exchange.ewsUrl).hostname, 'exchange-host'],
  ...(dynamics === undefined ? [] : [[new URL(dynamics.environmentUrl).hostname, 'environment-host']]),
]

async function main(file = 'hma.config.yaml') {
  const program = (path) => import(new URL(`../node_modules/.cache/hma-modules/${path}.js`, import.meta.url).href)
  const [{ load }, { createTransport }, { createCredentials }, { cloudOf, signInsOf }] = await Promise.all(
    ['config/load', 'azure/http/transport', 'azure/credentials/credentials', 'session/connections'].map(program),
  )
  const { deployments, diagnostics } = await load({ files: [file], env: process.env, directory: process.cwd() })
  const [first] = deployments
  if (first === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const { configuration } = first
  const cloud = cloudOf(configuration)
  const caPems = cloud.caFile ? [readFileSync(cloud.caFile, 'utf8')] : []
  const { HTTPS_PROXY: httpsProxy, HTTP_PROXY: httpProxy, NO_PROXY: noProxy } = process.env
  const transport = createTransport({ caPems, proxy: { httpsProxy, httpProxy, noProxy } })
  const auth = signInsOf(configuration, (message) => process.stderr.write(`${message}\n`))
  const credentials = createCredentials({ cloud, auth, transport, now: () => Date.now() })
  const send = async ({ id, url, tenantId, scope, headers = {} }) => {
    process.stderr.write(`${id}\n`)
    const token = scope === undefined ? undefined : await credentials.forTenant(tenantId).getToken(scope)
    const signed = { ...headers, ...(token && { Authorization: `Bearer ${token.token}` }) }
    const { status, headers: answered, body } = await transport.send({ method: 'GET', url, headers: signed })
    return { status, headers: answered, body: parsed(body) }
  }
  const evidence = await collect(questionsOf(configuration, cloud), send, namesOf(configuration))
  await transport.close()
  process.stdout.write(`${JSON.stringify(evidence, null, 2)}\n`)
}

export function parsed(body) {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv[2])
