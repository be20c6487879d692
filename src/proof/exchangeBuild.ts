import { need, type Step } from './chain.ts'
import { type Finding, failed, passed, warning } from './finding.ts'
import type { Opened } from './inbox.ts'
import type { Subject } from './subject.ts'

interface Version {
  readonly name: string
  /** The first build, and the first that knows Hybrid Modern Authentication for applications. */
  readonly from: readonly number[]
  readonly least: readonly number[]
  readonly update: string
  /** ISO date of the end of support; undefined where it is supported. */
  readonly supportedUntil?: string
}

/** Newest first (https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates). */
const versions: readonly Version[] = [
  { name: 'Exchange Server SE', from: [15, 2, 2562], least: [15, 2, 2562], update: 'RTM' },
  {
    name: 'Exchange Server 2019',
    from: [15, 2],
    least: [15, 2, 330, 5],
    update: 'Cumulative Update 1',
    supportedUntil: '2025-10-14',
  },
  {
    name: 'Exchange Server 2016',
    from: [15, 1],
    least: [15, 1, 1415, 2],
    update: 'Cumulative Update 8',
    supportedUntil: '2025-10-14',
  },
  {
    name: 'Exchange Server 2013',
    from: [15, 0],
    least: [15, 0, 1365, 1],
    update: 'Cumulative Update 19',
    supportedUntil: '2023-04-11',
  },
]

/** Is Exchange new enough for Hybrid Modern Authentication, and still supported? */
export async function exchangeBuild({ now }: Subject, opened: Step<Opened>): Promise<Finding<true>> {
  const { build } = await need(opened)
  const numbers = build?.split('.').map(Number) ?? []
  if (build === undefined || numbers.length < 4 || numbers.some(Number.isNaN))
    return warning('Exchange does not tell its build.', 'Look it up: Get-ExchangeServer | fl AdminDisplayVersion.', true)
  const version = versions.find(({ from }) => reaches(numbers, from))
  if (!version)
    return failed(
      `Exchange ${build} is older than 2013.`,
      'Hybrid Modern Authentication needs Exchange Server 2013 CU19 at least.',
    )
  const { name, least, update, supportedUntil } = version
  if (!reaches(numbers, least))
    return failed(
      `${name} with build ${build} is too old for Hybrid Modern Authentication.`,
      `Install ${update} (${least.join('.')}) at least on every server.`,
    )
  if (supportedUntil !== undefined && Date.parse(supportedUntil) < now.getTime())
    return warning(
      `${name}, build ${build}, has been out of support since ${supportedUntil}.`,
      'Move to Exchange Server SE: without security updates it should not be on the internet.',
      true,
    )
  return passed(`${name}, build ${build}.`, true)
}

/** Is the build this one or a later one? */
function reaches(build: readonly number[], floor: readonly number[]): boolean {
  for (const [index, number] of floor.entries()) {
    const difference = (build[index] ?? 0) - number
    if (difference !== 0) return difference > 0
  }
  return true
}
