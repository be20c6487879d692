/** A version of Exchange Server, by its builds. */
interface Version {
  readonly name: string
  /** The first build, and the first one of the next version. */
  readonly from: Build
  readonly below: Build
  /** The first build with Hybrid Modern Authentication for applications, and the update that brings it. */
  readonly least: Build
  readonly update: string
  /** The builds with the latest security update, one per serviced cumulative update, newest last. */
  readonly secure?: readonly Build[]
  /** ISO date of the end of support; undefined if supported. */
  readonly supportedUntil?: string
}

type Build = readonly number[]

/** When these security updates were published. */
export const securityUpdates = '2026-10-13'

/**
 * Newest first. Builds: https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates; security updates as the CVE
 * records of October 2026 name them.
 */
const versions: readonly Version[] = [
  {
    name: 'Exchange Server SE',
    ...{ from: [15, 2, 2562], below: [15, 3], least: [15, 2, 2562], update: 'RTM' },
    secure: [[15, 2, 2562, 56]],
  },
  {
    name: 'Exchange Server 2019',
    ...{ from: [15, 2], below: [15, 2, 2562], least: [15, 2, 330, 5], update: 'Cumulative Update 1' },
    secure: [
      [15, 2, 1544, 50],
      [15, 2, 1748, 55],
    ],
    supportedUntil: '2025-10-14',
  },
  {
    name: 'Exchange Server 2016',
    ...{ from: [15, 1], below: [15, 2], least: [15, 1, 1415, 2], update: 'Cumulative Update 8' },
    secure: [[15, 1, 2507, 77]],
    supportedUntil: '2025-10-14',
  },
  {
    name: 'Exchange Server 2013',
    ...{ from: [15, 0], below: [15, 1], least: [15, 0, 1365, 1], update: 'Cumulative Update 19' },
    supportedUntil: '2023-04-11',
  },
]

/** The oldest builds with Hybrid Modern Authentication, newest version first, for comparison by a script on the server. */
export const oldestBuilds = versions.map(({ name, from, least, update }) => ({
  name,
  from: from.join('.'),
  least: least.join('.'),
  update,
}))

/** Exchange Online calls itself 15.20 (https://learn.microsoft.com/exchange/client-developer/web-service-reference/serverversioninfo). */
const isOnline = ([major = 0, minor = 0]: Build): boolean => major === 15 && minor >= 20

export interface BuildVerdict {
  readonly status: 'passed' | 'warning' | 'failed'
  readonly detail: string
  readonly hint?: string
}

/** Is this build, such as `15.2.2562.56`, new enough for Hybrid Modern Authentication, supported, and free of known vulnerabilities? */
export function judgeBuild(build: string | undefined, now: Date): BuildVerdict {
  const numbers = build?.split('.').map(Number) ?? []
  if (build === undefined || numbers.length < 4 || numbers.some(Number.isNaN))
    return {
      ...{ status: 'warning', detail: 'Exchange does not report its build.' },
      hint: 'Look it up: Get-ExchangeServer | fl AdminDisplayVersion.',
    }
  if (isOnline(numbers)) return exchangeOnline(build)
  const version = versions.find(({ from, below }) => reaches(numbers, from) && !reaches(numbers, below))
  return version ? judged(version, { build, numbers }, now) : unknown(build, numbers)
}

const exchangeOnline = (build: string): BuildVerdict => ({
  status: 'failed',
  detail: `Build ${build} is Exchange Online, not Exchange Server.`,
  hint: 'Set exchange.ewsUrl to the address of your own Exchange Server. Mailboxes in Exchange Online need no Hybrid Modern Auth profile: use a profile of the type Exchange Online.',
})

function unknown(build: string, numbers: Build): BuildVerdict {
  if (reaches(numbers, [15, 0]))
    return {
      ...{ status: 'warning', detail: `Exchange ${build} is newer than the builds that this version of hma knows.` },
      hint: 'Update hma, or check the build at https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates.',
    }
  return {
    ...{ status: 'failed', detail: `Exchange ${build} is older than 2013.` },
    hint: 'Hybrid Modern Authentication needs Exchange Server 2013 CU19 or later.',
  }
}

function judged(version: Version, { build, numbers }: { build: string; numbers: Build }, now: Date): BuildVerdict {
  const { name, least, update, supportedUntil } = version
  if (!reaches(numbers, least))
    return {
      ...{ status: 'failed', detail: `${name} with build ${build} is too old for Hybrid Modern Authentication.` },
      hint: `Install ${update} (${least.join('.')}) or later on every server.`,
    }
  const floor = securityFloor(version, numbers)
  const isOver = supportedUntil !== undefined && Date.parse(supportedUntil) < now.getTime()
  const said = [
    ...(isOver ? [`has been out of support since ${supportedUntil}`] : []),
    ...(floor ? [`lacks the security updates of ${securityUpdates} (build ${floor.join('.')})`] : []),
  ]
  if (said.length === 0) return { status: 'passed', detail: `${name}, build ${build}.` }
  const hint = [...(floor ? [updateNow(floor)] : []), ...(isOver ? [moveToSe] : [])].join(' ')
  return { status: 'warning', detail: `${name}, build ${build}, ${said.join(' and ')}.`, hint }
}

const updateNow = (floor: Build): string =>
  `Install the latest security update (${floor.join('.')} or later): on builds from before September 2026, an account with few rights can take over mailboxes (CVE-2026-69380).`

const moveToSe = 'Move to Exchange Server SE: without security updates a server should not be on the internet.'

/** The minimum build, if this one is older. */
function securityFloor({ secure = [] }: Pick<Version, 'secure'>, numbers: Build): Build | undefined {
  const same = secure.find((one) => one.slice(0, 3).every((number, index) => number === numbers[index]))
  const floor = same ?? secure.at(-1)
  return floor && !reaches(numbers, floor) ? floor : undefined
}

/** Is the build this one or a later one? */
function reaches(build: Build, floor: Build): boolean {
  for (const [index, number] of floor.entries()) {
    const difference = (build[index] ?? 0) - number
    if (difference !== 0) return difference > 0
  }
  return true
}
