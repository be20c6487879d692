import type { Azure, LogEntry, World } from '../azure.ts'
import type { OrganizationState } from '../dataverse/state.ts'
import type { DirectoryObject, Tenant } from '../directory/state.ts'
import { type Fault, nameOf } from '../faults/faults.ts'
import type { Vault } from '../keyVault/state.ts'
import type { CausedViolation } from '../monitor/continuity.ts'
import { openQuestions } from '../openQuestions.ts'
import { defaultSettings } from '../settings.ts'

/** A table of the page that shows the world: texts, as they are. */
export interface Section {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Shown {
  readonly world: World
  readonly settings: Azure['settings']
  readonly now: Date
  readonly log: readonly LogEntry[]
  readonly faults: readonly Fault[]
  readonly violations: readonly CausedViolation[]
}

const requestsShown = 200

/** The sections of the page, in order. They hold no secret values and no private keys. */
export const sections = (shown: Shown): readonly Section[] => [
  {
    title: 'Violations',
    columns: ['since', 'profile', 'environment', 'what broke', 'seen after'],
    rows: shown.violations.map((each) => [
      each.since,
      each.profile,
      each.environment,
      `${each.invariant}: ${each.detail}`,
      `${each.cause.method} ${each.cause.url}`,
    ]),
  },
  ...Object.values(shown.world.directory.tenants).flatMap((tenant) => tenantSections(tenant, shown.now)),
  { title: 'Vaults', columns: ['name', 'resource group', 'location', 'access', 'state'], rows: vaultRows(shown.world) },
  {
    title: 'In the vaults',
    columns: ['vault', 'kind', 'name', 'versions', 'ends', 'state'],
    rows: Object.entries(shown.world.vaults).flatMap(([name, vault]) => contentRows(name, vault, shown.now)),
  },
  ...shown.world.dataverse.organizations.map(rowsOf),
  {
    title: 'Exchange servers',
    columns: ['address', 'build', 'mailboxes'],
    rows: shown.world.exchange.servers.map(({ ewsUrl, build, mailboxes }) => [ewsUrl, build, mailboxes.join(', ')]),
  },
  {
    title: 'Faults',
    columns: ['fault', 'left', 'requests', 'what happens'],
    rows: shown.faults.map((fault) => [nameOf(fault), fault.times > 0 ? String(fault.times) : 'used up', ...faultCells(fault)]),
  },
  { title: 'Settings that were changed', columns: ['setting', 'value', 'default'], rows: changedSettings(shown.settings) },
  {
    title: `Requests, the newest ${requestsShown} first`,
    columns: ['at', 'status', 'method', 'address', 'caller', 'remark'],
    rows: shown.log
      .slice(-requestsShown)
      .reverse()
      .map((entry) => requestRow(shown.world, entry)),
  },
]

function tenantSections({ id, displayName, domain, applications, servicePrincipals }: Tenant, now: Date): readonly Section[] {
  const owned = Object.values(applications)
  const own = new Set(owned.map(({ appId }) => appId))
  const others = Object.values(servicePrincipals).filter(({ appId }) => !own.has(appId))
  return [
    {
      title: `Tenant ${displayName} (${domain}, ${id}): applications`,
      columns: ['name', 'application id', 'credentials', 'state'],
      rows: owned.map((one) => [one.displayName, one.appId, credentials(one, now), deletion(one.deletedDateTime)]),
    },
    {
      title: `Tenant ${displayName}: enterprise applications from elsewhere`,
      columns: ['name', 'application id', 'names', 'state'],
      rows: others.map((one) => [
        one.displayName,
        one.appId,
        one.servicePrincipalNames.join(', '),
        one.accountEnabled ? deletion(one.deletedDateTime) : 'disabled',
      ]),
    },
  ]
}

/** Secrets by their first characters, certificates by thumbprint, each with its expiry. */
const credentials = ({ passwordCredentials, keyCredentials }: DirectoryObject, now: Date): string =>
  [
    ...passwordCredentials.map(({ hint, endDateTime }) => `secret ${hint}… ${term(endDateTime, now)}`),
    ...keyCredentials.map(({ thumbprint, endDateTime }) => `certificate ${thumbprint} ${term(endDateTime, now)}`),
  ].join('\n')

const term = (end: string, now: Date): string => `${Date.parse(end) > now.getTime() ? 'until' : 'expired'} ${end}`

const deletion = (at: string | null | undefined): string => (at ? `deleted ${at}` : '')

const vaultRows = ({ resources }: World): Section['rows'] =>
  resources.vaults.map(({ name, resourceGroup, location, properties, deletedAt }) => [
    name,
    resourceGroup,
    location,
    properties.enableRbacAuthorization ? 'roles' : `${properties.accessPolicies.length} access policies`,
    deletion(deletedAt),
  ])

function contentRows(vaultName: string, vault: Vault, now: Date): Section['rows'] {
  const kinds = { certificate: vault.certificates, secret: vault.secrets, key: vault.keys ?? {} }
  return Object.entries(kinds).flatMap(([kind, objects]) =>
    Object.values(objects).map(({ name, versions, deleted }) => {
      const { attributes } = versions.at(-1) ?? {}
      const expired = (attributes?.exp ?? Number.POSITIVE_INFINITY) * 1000 <= now.getTime()
      const state = deleted ? 'deleted' : attributes?.enabled === false ? 'disabled' : expired ? 'expired' : ''
      return [vaultName, kind, name, String(versions.length), instant(attributes?.exp), state]
    }),
  )
}

const instant = (seconds: number | undefined): string => (seconds === undefined ? '' : new Date(seconds * 1000).toISOString())

/** The rows that make up Hybrid Modern Authentication, then the mailboxes; lookups as they are stored. */
function rowsOf({ environmentUrl, tables }: OrganizationState): Section {
  const shown = ['emailserverprofile', 'keyvaultreference', 'managedidentity', 'mailbox', 'systemuser'] as const
  const name = ({ cells }: { cells: Record<string, unknown> }): string =>
    String(cells.name ?? cells.keyname ?? cells.fullname ?? '')
  return {
    title: `Dataverse ${environmentUrl}`,
    columns: ['table', 'row', 'name', 'state'],
    rows: shown.flatMap((table) =>
      Object.values(tables[table]).map((row) => [table, row.id, name(row), row.cells.statecode === 1 ? 'inactive' : '']),
    ),
  }
}

function changedSettings(settings: Azure['settings']): Section['rows'] {
  const unasked: Record<string, unknown> = { ...defaultSettings, ...openQuestions }
  return Object.entries(settings)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(unasked[name]))
    .map(([name, value]) => [name, JSON.stringify(value), JSON.stringify(unasked[name] ?? null)])
}

/** Which requests a fault concerns, and its effect. */
function faultCells({ service, method, url, only, skip = 0, when, delay, answer }: Fault): readonly string[] {
  const which = [service ?? 'any service', only ?? method, url && `with ${url}`, skip > 0 && `after the next ${skip}`]
  const late = delay !== undefined && `${delay} ms late`
  const answered = typeof answer === 'object' ? `answered ${answer.status}` : outcomes[answer]
  const what = [answered, when === 'after' && 'once they are carried out', late]
  return [which, what].map((parts) => parts.filter((part) => part).join(', '))
}

const outcomes = {
  own: 'answered as ever',
  drop: 'the connection ends',
  stall: 'no answer comes',
  refuse: 'connections are refused',
} as const

/** An application by its name, where one has this id. */
function callerName({ directory }: World, appId: string | undefined): string {
  const all = Object.values(directory.tenants).flatMap(({ applications }) => Object.values(applications))
  return all.find((one) => one.appId === appId)?.displayName ?? appId ?? ''
}

const requestRow = (world: World, { at, status, method, url, caller, fault, ignored = [] }: LogEntry): readonly string[] => [
  at,
  status === 0 ? 'none' : String(status),
  method,
  url,
  callerName(world, caller),
  [...(fault === undefined ? [] : [`fault: ${fault}`]), ...(ignored.length > 0 ? [`ignored: ${ignored.join(', ')}`] : [])].join(
    '; ',
  ),
]
