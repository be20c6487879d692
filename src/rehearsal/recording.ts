import type { Copy } from 'hma-sandbox'
import { heldSecrets } from './heldSecrets.ts'

/** One answer to a read. */
export interface Answer {
  readonly url: string
  readonly tenantId?: string | undefined
  readonly status: number
  readonly body: string
}

type Body = Readonly<Record<string, unknown>>

export const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Properties that hold a secret, part of one, or a person's name. */
const omitted = new Set(['secretText', 'hint', 'clientsecret', 'password', 'systemData'])

/** Without secrets and OData annotations. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isBody(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      omitted.has(name) || name.includes('@odata.') ? [] : [[name, plain(inner)]],
    ),
  )
}

interface Seen {
  readonly url: URL
  readonly path: string
  readonly tenantId: string
  readonly bodies: readonly Body[]
}

function seenIn({ url: text, tenantId = '', body }: Answer): Seen | undefined {
  const url = new URL(text)
  try {
    const value = plain(JSON.parse(body))
    if (!isBody(value)) return undefined
    const bodies = Array.isArray(value.value) ? value.value.filter(isBody) : [value]
    return { url, path: decodeURIComponent(url.pathname), tenantId, bodies }
  } catch {
    return undefined
  }
}

/** Requests that do not go to a service holding the deployment, or that no plan makes. */
export type OtherReads = Pick<Copy, 'exchange' | 'brought'>

/** What a plan read, sorted by type. From lists, only what belongs to the deployment is kept. */
export function copyOf(answers: readonly Answer[], at: Date, beside: OtherReads): Copy {
  const seen = answers.filter(({ status }) => status === 200).flatMap((answer) => seenIn(answer) ?? [])
  const directory = directoryIn(seen, answers)
  const rows = rowsIn(seen)
  return {
    at: at.toISOString(),
    ...directory,
    ...vaultsIn(seen, directory.servicePrincipals),
    absentGroups: answers
      .filter(({ status }) => status === 404)
      .flatMap(({ url }) => group.exec(new URL(url).pathname)?.[0] ?? []),
    reachedVaults: reachedIn(answers),
    ...rows,
    held: heldSecrets([...rows.profiles, ...rows.rows], directory.applications),
    ...beside,
  }
}

const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i

const inTenant = (seen: readonly Seen[], pattern: RegExp) =>
  distinct(
    seen.filter(({ path }) => pattern.test(path)).flatMap(({ tenantId, bodies }) => bodies.map((body) => ({ tenantId, body }))),
  )

const bodiesOf = (seen: readonly Seen[], pattern: RegExp) =>
  distinct(seen.filter(({ path }) => pattern.test(path)).flatMap(({ bodies }) => bodies.map((body) => ({ body })))).map(
    ({ body }) => body,
  )

function directoryIn(seen: readonly Seen[], answers: readonly Answer[]) {
  const asked = new Set(answers.flatMap(({ url }) => /\((?:uniqueName|appId)='([^']+)'/.exec(decodeURIComponent(url))?.[1] ?? []))
  const assigned = /\/applications\/([^/]+)\/appManagementPolicies$/
  return {
    applications: inTenant(seen, /\/applications(\(|$)/),
    deletedApplications: inTenant(seen, /\/deletedItems\/microsoft\.graph\.application$/).filter(
      ({ body }) => asked.has(String(body.uniqueName)) || asked.has(String(body.appId)),
    ),
    servicePrincipals: inTenant(seen, /\/servicePrincipals\([^)]*\)$/),
    consents: inTenant(seen, /\/appRoleAssignments$/),
    policies: inTenant(seen, /\/policies\/defaultAppManagementPolicy$/),
    assignedPolicies: seen.flatMap(({ path, tenantId, bodies }) => {
      const applicationId = assigned.exec(path)?.[1]
      return applicationId === undefined ? [] : bodies.map((body) => ({ tenantId, applicationId, body }))
    }),
  }
}

function vaultsIn(seen: readonly Seen[], servicePrincipals: Copy['servicePrincipals']) {
  const principals = new Set(servicePrincipals.map(({ body }) => body.id))
  return {
    resourceGroups: bodiesOf(seen, /\/resourceGroups\/[^/]+$/),
    vaults: bodiesOf(seen, /\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i),
    deletedVaults: inTenant(seen, /\/locations\/[^/]+\/deletedVaults\/[^/]+$/i),
    roleAssignments: bodiesOf(seen, /\/roleAssignments$/).filter(
      ({ properties }) => isBody(properties) && principals.has(properties.principalId),
    ),
    certificates: latest(certificatesIn(seen), inVault),
    secrets: latest(secretsIn(seen), inVault),
  }
}

const inVault = ({ vault, name }: { readonly vault: string; readonly name: string }): string => `${vault}/${name}`

const secretsIn = (seen: readonly Seen[]): Copy['secrets'] =>
  seen.flatMap(({ url, path, bodies }) => {
    const name = /^\/(?:secrets\/([^/]+)\/versions|deletedsecrets\/([^/]+))\/?$/.exec(path)?.slice(1).find(Boolean)
    return name === undefined ? [] : [{ vault: vaultOf(url), name, versions: bodies }]
  })

/** Rows that were queried by what they point to, which the answer may not repeat. */
function leadsTo(url: URL): Body {
  const [, lookup, id] = /^(_\w+_value) eq ([0-9a-f-]{36})$/i.exec(url.searchParams.get('$filter') ?? '') ?? []
  return lookup === undefined ? {} : { [lookup]: id }
}

function rowsIn(seen: readonly Seen[]) {
  const inEnvironment = (pattern: RegExp) =>
    distinct(
      seen
        .filter(({ path }) => pattern.test(path))
        .flatMap(({ url, bodies }) => bodies.map((body) => ({ environmentUrl: url.origin, body: { ...leadsTo(url), ...body } }))),
    )
  const alone = (table: Copy['rows'][number]['table']) =>
    inEnvironment(new RegExp(`/${table === 'managedidentity' ? 'managedidentities' : 'keyvaultreferences'}(\\(|$)`)).map(
      (row) => ({
        ...row,
        table,
      }),
    )
  return {
    organizations: latest(organizationsIn(seen), ({ environmentUrl }) => environmentUrl),
    profiles: inEnvironment(/\/emailserverprofiles(\(|$)/),
    rows: [...alone('managedidentity'), ...alone('keyvaultreference')],
    mailboxes: inEnvironment(/\/mailboxes$/),
  }
}

const organizationsIn = (seen: readonly Seen[]): Copy['organizations'] =>
  seen
    .filter(({ path }) => /\/WhoAmI$/.test(path))
    .flatMap(({ url, bodies }) =>
      bodies.map((body) => ({
        environmentUrl: url.origin,
        organizationId: String(body.OrganizationId),
        businessUnitId: String(body.BusinessUnitId),
      })),
    )

const byNetwork = /"ForbiddenBy(Firewall|Connection)"/

/** The names of the vaults whose network rules admitted the request. */
const reachedIn = (answers: readonly Answer[]): readonly string[] => {
  const ofVault = answers.filter(({ url }) => /^\/(deleted)?(certificates|secrets)(\/|$)/.test(new URL(url).pathname))
  const vaults = ofVault.map(({ url, status, body }) => ({
    name: vaultOf(new URL(url)),
    in: status !== 403 || !byNetwork.test(body),
  }))
  return [...new Set(vaults.flatMap(({ name, in: reached }) => (reached ? [name] : [])))]
}

/** If something was read more than once, the later answer counts. */
const latest = <Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] => [
  ...new Map(items.map((item) => [nameOf(item).toLowerCase(), item])).values(),
]

/** The same object may have been read by name and in a list, and one of them may have fewer columns, so the answers are merged. */
function distinct<Item extends Placed>(items: readonly Item[]): readonly Item[] {
  const told = new Map<string, Body>()
  for (const item of items) told.set(keyOf(item), { ...told.get(keyOf(item)), ...item.body })
  return latest(items, keyOf).map((item) => ({ ...item, body: told.get(keyOf(item)) ?? item.body }))
}

interface Placed {
  readonly body: Body
  readonly tenantId?: string
  readonly environmentUrl?: string
}

/** The policies of two tenants have the same id, as have the rows of an environment and its copy. */
const keyOf = ({ body, tenantId = '', environmentUrl = '' }: Placed): string => `${tenantId}${environmentUrl} ${idOf(body)}`

const idOf = (body: Body): string => String(['id', ...idColumns].map((name) => body[name]).find((id) => id !== undefined))

const idColumns = ['emailserverprofileid', 'mailboxid', 'keyvaultreferenceid', 'managedidentityid']

const vaultOf = (url: URL): string => url.hostname.split('.')[0] ?? ''

function certificatesIn(seen: readonly Seen[]): Copy['certificates'] {
  const beside = (vault: string, path: string): readonly Body[] | undefined =>
    seen.find((one) => vaultOf(one.url) === vault && one.path === path)?.bodies
  return seen.flatMap(({ url, path, bodies: [bundle] }) => {
    const name = /^\/(?:deleted)?certificates\/([^/]+)\/?$/.exec(path)?.[1]
    if (name === undefined || bundle === undefined) return []
    const vault = vaultOf(url)
    const [pending] = beside(vault, `/certificates/${name}/pending`) ?? []
    const former = beside(vault, `/certificates/${name}/versions`)
    return [{ vault, name, bundle, ...(pending && { pending }), ...(former && { former }) }]
  })
}
