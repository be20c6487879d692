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

/** Properties that hold a secret, a part of one, or a person's name. */
const left = new Set(['secretText', 'hint', 'clientsecret', 'password', 'systemData'])

/** Without secrets, and without what OData says about itself. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isBody(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (left.has(name) || name.includes('@odata.') ? [] : [[name, plain(inner)]])),
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

/** What a plan read, sorted by what it is. Of lists, only what belongs to the deployment is kept. */
export function copyOf(answers: readonly Answer[], at: Date): Copy {
  const seen = answers.filter(({ status }) => status === 200).flatMap((answer) => seenIn(answer) ?? [])
  const asked = new Set(answers.flatMap(({ url }) => /\((?:uniqueName|appId)='([^']+)'/.exec(decodeURIComponent(url))?.[1] ?? []))
  const found = (pattern: RegExp) => seen.filter(({ path }) => pattern.test(path))
  const inTenant = (pattern: RegExp) =>
    distinct(found(pattern).flatMap(({ tenantId, bodies }) => bodies.map((body) => ({ tenantId, body }))))
  const bodiesOf = (pattern: RegExp) => found(pattern).flatMap(({ bodies }) => bodies)
  const inEnvironment = (pattern: RegExp) =>
    distinct(found(pattern).flatMap(({ url, bodies }) => bodies.map((body) => ({ environmentUrl: url.origin, body }))))
  const applications = inTenant(/\/applications(\(|$)/)
  const servicePrincipals = inTenant(/\/servicePrincipals\([^)]*\)$/)
  const principals = new Set(servicePrincipals.map(({ body }) => body.id))
  const profiles = inEnvironment(/\/emailserverprofiles(\(|$)/)
  return {
    at: at.toISOString(),
    applications,
    deletedApplications: inTenant(/\/deletedItems\/microsoft\.graph\.application$/).filter(
      ({ body }) => asked.has(String(body.uniqueName)) || asked.has(String(body.appId)),
    ),
    servicePrincipals,
    consents: inTenant(/\/appRoleAssignments$/),
    policies: inTenant(/\/policies\/defaultAppManagementPolicy$/),
    resourceGroups: bodiesOf(/\/resourceGroups\/[^/]+$/),
    vaults: bodiesOf(/\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i),
    roleAssignments: bodiesOf(/\/roleAssignments$/).filter(
      ({ properties }) => isBody(properties) && principals.has(properties.principalId),
    ),
    certificates: certificatesIn(seen),
    secrets: seen.flatMap(({ url, path, bodies }) => {
      const name = /^\/secrets\/([^/]+)\/versions$/.exec(path)?.[1]
      return name === undefined ? [] : [{ vault: vaultOf(url), name, versions: bodies }]
    }),
    organizations: found(/\/WhoAmI$/).flatMap(({ url, bodies }) =>
      bodies.map((body) => ({
        environmentUrl: url.origin,
        organizationId: String(body.OrganizationId),
        businessUnitId: String(body.BusinessUnitId),
      })),
    ),
    profiles,
    mailboxes: inEnvironment(/\/mailboxes$/),
    held: heldSecrets(profiles, applications),
  }
}

/** The same object may have been read by name and in a list: the later look counts. */
const distinct = <Item extends { readonly body: Body }>(items: readonly Item[]): readonly Item[] => [
  ...new Map(items.map((item) => [String(item.body.id ?? item.body.emailserverprofileid ?? item.body.mailboxid), item])).values(),
]

const vaultOf = (url: URL): string => url.hostname.split('.')[0] ?? ''

function certificatesIn(seen: readonly Seen[]): Copy['certificates'] {
  const pending = (vault: string, name: string): Body | undefined =>
    seen.find(({ url, path }) => vaultOf(url) === vault && path === `/certificates/${name}/pending`)?.bodies[0]
  return seen.flatMap(({ url, path, bodies: [bundle] }) => {
    const name = /^\/certificates\/([^/]+)\/?$/.exec(path)?.[1]
    if (name === undefined || bundle === undefined) return []
    const [vault, waiting] = [vaultOf(url), pending(vaultOf(url), name)]
    return [{ vault, name, bundle, ...(waiting && { pending: waiting }) }]
  })
}
