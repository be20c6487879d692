import type { Azure, LogEntry, Settings, World } from '../azure.ts'
import { breaks } from '../dataverse/chain.ts'
import { hybridModernAuthentication, type ProfileInUse, profileInUse } from '../dataverse/profileRows.ts'
import type { OrganizationState, Row } from '../dataverse/state.ts'
import { momentsBetween, nextMoment, worldAt } from './moments.ts'

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
  /** To be called after every request that changed something. */
  observe(entry: LogEntry): void
  /** Every violation so far, in order; kept in memory. */
  readonly violations: readonly CausedViolation[]
}

/**
 * Where sign-in is broken at that instant, over every active profile with Hybrid Modern Authentication that worked once: the
 * certificate that the vault serves is not a valid credential of the Exchange application, the secret that Dynamics holds is not a valid
 * credential of the vault application, or the vault application may not read the vault.
 */
export function violations(world: World, now: Date, settings: Reading = {}): readonly Violation[] {
  return hybridProfiles(world)
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

const hybridProfiles = (world: World): readonly Hybrid[] =>
  world.dataverse.organizations.flatMap((organization) =>
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
function remember(world: World, now: Date, settings: Reading): void {
  for (const organization of world.dataverse.organizations)
    organization.proven = organization.proven.filter((id) => organization.tables.emailserverprofile[id] !== undefined)
  for (const { organization, row } of hybridProfiles(world)) {
    if (organization.proven.includes(row.id) || broken(world, organization, row, { now, settings }).length > 0) continue
    organization.proven.push(row.id)
  }
}

const key = ({ environment, profile, invariant }: Violation): string => JSON.stringify([environment, profile, invariant])

/** Watches the world; a violation is recorded once until it is resolved. */
export function monitor(azure: Azure): Monitor {
  const recorded: CausedViolation[] = []
  let last = new Set<string>()
  let seenAt = azure.now().getTime()
  // Called before every request, so the next moment is computed only once.
  let next = 0
  /** When a present violation began: at a moment since the last look, or with this request. */
  const sinceOf = (violation: Violation, now: Date): Date => {
    const moments = momentsBetween(azure.world, seenAt, now.getTime())
    const was = (moment: number): boolean =>
      violations(worldAt(azure.world, moment), new Date(moment), azure.settings).some((each) => key(each) === key(violation))
    const first = moments.find(was)
    return first === undefined ? now : new Date(first)
  }
  return {
    violations: recorded,
    isDue: () => azure.now().getTime() >= next,
    observe: (entry) => {
      const now = azure.now()
      remember(azure.world, now, azure.settings)
      const found = violations(azure.world, now, azure.settings)
      const begun = found.filter((each) => !last.has(key(each)))
      recorded.push(...begun.map((each) => ({ ...each, cause: entry, since: sinceOf(each, now).toISOString() })))
      last = new Set(found.map(key))
      seenAt = now.getTime()
      next = nextMoment(azure.world, seenAt)
    },
  }
}
