import type { Azure, LogEntry, Settings, World } from '../azure.ts'
import { breaks, tenantsInvolved } from '../dataverse/chain.ts'
import { hybridModernAuthentication, type ProfileInUse, profileInUse } from '../dataverse/profileRows.ts'
import type { OrganizationState, Row } from '../dataverse/state.ts'
import { momentsBetween, nextMoment, tenantsOf, worldAt } from './moments.ts'

/** A moment at which sign-in would fail through a profile that has worked before. */
export interface Violation {
  /** Name of the email server profile. */
  readonly profile: string
  /** Host of the Dataverse environment that holds it. */
  readonly environment: string
  readonly invariant: 'certificate' | 'secret' | 'access'
  readonly detail: string
}

/**
 * A violation with the request after which it was noticed, and the moment at which sign-in broke: earlier, if it broke by the passing of
 * time.
 */
export interface CausedViolation extends Violation {
  readonly cause: LogEntry
  readonly since: string
}

export interface Monitor {
  /** Has anything changed by the passing of time alone? */
  isDue(): boolean
  /**
   * To be called after every request that may have changed something. A request changes nothing outside the tenant that issued its token,
   * so the rest of a large world need not be checked again; without a tenant, everything is.
   */
  observe(entry: LogEntry, tenant?: string): void
  /** Every violation so far, in order; kept in memory. */
  readonly violations: readonly CausedViolation[]
}

/**
 * Where sign-in is broken at that instant, over every active profile with Hybrid Modern Authentication that worked once: the
 * certificate that the vault serves is not a valid credential of the Exchange application, the secret that Dynamics holds is not a valid
 * credential of the vault application, or the vault application may not read the vault.
 */
export function violations(
  world: World,
  now: Date,
  settings: Reading = {},
  organizations: readonly OrganizationState[] = world.dataverse.organizations,
): readonly Violation[] {
  return hybridProfiles(organizations)
    .filter(({ organization, row }) => organization.proven.includes(row.id))
    .flatMap(({ organization, row }) =>
      broken(world, organization, row, { now, settings }).map((each) => ({
        profile: String(row.cells.name),
        environment: new URL(organization.environmentUrl).host,
        ...each,
      })),
    )
}

interface Hybrid {
  readonly organization: OrganizationState
  readonly row: Row
}

const hybridProfiles = (organizations: readonly OrganizationState[]): readonly Hybrid[] =>
  organizations.flatMap((organization) =>
    Object.values(organization.tables.emailserverprofile)
      .filter(({ cells }) => cells.statecode === 0 && cells.incomingcredentialretrieval === hybridModernAuthentication)
      .map((row) => ({ organization, row })),
  )

type Broken = Pick<Violation, 'invariant' | 'detail'>

type Reading = Pick<Settings, 'profileRows'>

function broken(
  world: World,
  organization: OrganizationState,
  row: Row,
  { now, settings }: { now: Date; settings: Reading },
): readonly Broken[] {
  const used = profileInUse(organization, row, settings)
  // If any of the linked rows is gone, Dynamics is without the secret.
  if ('missing' in used) return [{ invariant: 'secret', detail: `Sign-in has no complete rows: ${used.missing}.` }]
  return brokenInvariants(world, used, now)
}

const brokenInvariants = (world: World, used: ProfileInUse, now: Date): readonly Broken[] =>
  breaks(world, used, now).flatMap(({ at, detail }) => (at === 'permission' ? [] : [{ invariant: at, detail }]))

/** Remembers the profiles that work now: from here on they must not break. Deleting one counts as intentional. */
function remember(world: World, now: Date, settings: Reading, organization: OrganizationState): void {
  organization.proven = organization.proven.filter((id) => organization.tables.emailserverprofile[id] !== undefined)
  for (const { row } of hybridProfiles([organization])) {
    if (organization.proven.includes(row.id) || broken(world, organization, row, { now, settings }).length > 0) continue
    organization.proven.push(row.id)
  }
}

const key = ({ environment, profile, invariant }: Violation): string => JSON.stringify([environment, profile, invariant])

/** What the last check of an organization found. */
interface Seen {
  /** The tenants in which something can break its sign-in; undefined if unknown, so that any may. */
  readonly tenants: ReadonlySet<string> | undefined
  readonly broken: readonly Violation[]
}

/** Watches the world; a violation is recorded once until it is resolved. */
export function monitor(azure: Azure): Monitor {
  const recorded: CausedViolation[] = []
  const seen = new WeakMap<OrganizationState, Seen>()
  const next = new Map<string, number>()
  let seenAt = azure.now().getTime()
  // Called before every request, so the first moment of all is computed only once.
  let first = 0
  const concerned = (tenant: string | undefined): readonly OrganizationState[] =>
    azure.world.dataverse.organizations.filter((one) => tenant === undefined || (seen.get(one)?.tenants?.has(tenant) ?? true))
  const look = (organization: OrganizationState, entry: LogEntry, now: Date): void => {
    const { world, settings } = azure
    remember(world, now, settings, organization)
    const broken = violations(world, now, settings, [organization])
    const before = new Set(seen.get(organization)?.broken.map(key))
    const begun = broken.filter((each) => !before.has(key(each)))
    recorded.push(
      ...begun.map((each) => ({ ...each, cause: entry, since: sinceOf(azure, organization, each, seenAt).toISOString() })),
    )
    seen.set(organization, { tenants: involved(world, organization, settings), broken })
  }
  return {
    violations: recorded,
    isDue: () => azure.now().getTime() >= first,
    observe: (entry, tenant) => {
      const now = azure.now()
      for (const organization of concerned(tenant)) look(organization, entry, now)
      seenAt = now.getTime()
      if (tenant === undefined) next.clear()
      for (const each of tenant === undefined ? tenantsOf(azure.world) : [tenant])
        next.set(each, nextMoment(azure.world, each, seenAt))
      first = [...next.values()].reduce((least, moment) => Math.min(least, moment), Number.POSITIVE_INFINITY)
    },
  }
}

/** When a present violation began: at a moment since the last check, or with the request after which it was noticed. */
function sinceOf({ world, settings, now }: Azure, organization: OrganizationState, violation: Violation, seenAt: number): Date {
  const was = (moment: number): boolean =>
    violations(worldAt(world, moment), new Date(moment), settings, [organization]).some((each) => key(each) === key(violation))
  const began = momentsBetween(world, seenAt, now().getTime()).find(was)
  return began === undefined ? now() : new Date(began)
}

/** The tenants of an organization's sign-in chains. */
function involved(world: World, organization: OrganizationState, settings: Reading): ReadonlySet<string> | undefined {
  const used = hybridProfiles([organization]).map(({ row }) => profileInUse(organization, row, settings))
  const tenants = used.flatMap((one) => ('missing' in one ? [] : tenantsInvolved(world, one)))
  const known = tenants.flatMap((tenant) => tenant ?? [])
  return known.length < tenants.length ? undefined : new Set([organization.tenantId.toLowerCase(), ...known])
}
