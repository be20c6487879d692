import { daysUntil } from '../../core/time.ts'
import { judgeBuild } from '../exchangeBuilds.ts'
import { type Finding, failed, passed, warning } from '../finding.ts'
import type { Evidence } from './schema.ts'

/** What the evidence must be about. */
export interface EvidenceSubject {
  readonly ewsUrl: string
  readonly tenantId: string
  readonly now: Date
}

/** After this many days the settings may well have changed. */
export const oldAfterDays = 30

export const ageInDays = ({ at }: Evidence, now: Date): number => -daysUntil(Date.parse(at), now) - 1

const rerun = 'Have the Exchange administrator run the script of exchange.setup again, and send the file that it writes.'

/** Is the evidence about this deployment, and recent enough? */
export function judgeOrigin(evidence: Evidence, about: EvidenceSubject): Finding<Evidence> {
  const other = foreign(evidence, about)
  if (other !== undefined) return failed(`The evidence ${other}.`, rerun)
  const age = Math.max(0, ageInDays(evidence, about.now))
  const days = age === 0 ? 'less than a day' : age === 1 ? '1 day' : `${age} days`
  const on = evidence.server === '' ? '' : ` on ${evidence.server}`
  const detail = `Evidence of ${evidence.at.slice(0, 10)} (${days} old), taken${on}; servers: ${listed(evidence.servers.map(serverName)) || 'none'}.`
  if (Date.parse(evidence.at) > about.now.getTime() + 3_600_000)
    return warning(
      `The evidence is dated ${evidence.at}, which is in the future.`,
      'Check the clock of the Exchange server, and of this machine.',
      evidence,
    )
  return age > oldAfterDays ? warning(`${detail} Settings may have changed since.`, rerun, evidence) : passed(detail, evidence)
}

const serverName = ({ name, build }: Evidence['servers'][number]): string => (build === '' ? name : `${name} ${build}`)

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '')

/** Why it is evidence of something else. */
function foreign(evidence: Evidence, { ewsUrl, tenantId }: EvidenceSubject): string | undefined {
  if (hostOf(evidence.ewsUrl) !== hostOf(ewsUrl)) return `is about ${evidence.ewsUrl}, and exchange.ewsUrl is ${ewsUrl}`
  if (evidence.tenantId.toLowerCase() !== tenantId)
    return `is about tenant ${evidence.tenantId}, and hmaApp.tenantId is ${tenantId}`
  const isPublished = evidence.virtualDirectories.some((one) =>
    [one.externalUrl, one.internalUrl].map(hostOf).includes(hostOf(ewsUrl)),
  )
  const isTrusted = evidence.authServers.some(({ realm }) => realm.toLowerCase() === tenantId)
  if (isPublished || isTrusted) return undefined
  return `comes from another Exchange organization: no server in it publishes ${hostOf(ewsUrl)}, and no AuthServer belongs to tenant ${tenantId}`
}

/** Is every server new enough? A build known from the directory alone does not include security updates. */
export function judgeServers({ servers }: Evidence, now: Date): Finding<true> {
  const verdicts = servers.map(({ name, build, exact }) => ({
    ...{ name, build, exact },
    ...judgeBuild(build === '' ? undefined : build, now),
  }))
  const bad = verdicts.filter(({ status }) => status === 'failed')
  const doubtful = verdicts.filter(({ status, exact, build }) => status === 'warning' && (exact || build === ''))
  const [first] = [...bad, ...doubtful]
  if (!first) return passed(`${servers.length === 1 ? 'The server is' : `All ${servers.length} servers are`} new enough.`, true)
  const detail = [...bad, ...doubtful].map((one) => `${one.name}: ${one.detail}`).join(' ')
  return bad.length > 0 ? failed(detail, first.hint) : warning(detail, first.hint ?? '', true)
}

/** Settings without which Exchange accepts no token, or not on every server. */
const decisive = new Set(['oauth', 'authServer', 'clientProfile', 'urls'])
/** Those that apply to the whole organization and are visible from outside. */
const organizationWide = new Set(['authServer', 'clientProfile'])

type Point = Evidence['points'][number]

/** The context for judging the settings. */
export interface SettingsContext {
  readonly deployment: string
  /** Whether, from outside, Exchange asks for tokens as it should. */
  readonly worksOutside: boolean
  readonly now: Date
}

/** What the script found wrong or could not see. Several deployments may share one Exchange's evidence; a mailbox scope belongs to one of them. */
export function judgeSettings(evidence: Evidence, { deployment, worksOutside, now }: SettingsContext): Finding<true> {
  const wrong = evidence.points.filter(
    (point) => isWrong(point) && (point.name !== 'mailboxScope' || evidence.deployment === deployment),
  )
  if (wrong.length === 0) return passed('The settings of Exchange are as Hybrid Modern Authentication needs them.', true)
  const grave = wrong.filter((point) => isSevere(point) && !(worksOutside && organizationWide.has(point.name)))
  const detail = [...grave, ...wrong.filter((one) => !grave.includes(one))].map(({ text }) => text).join(' ')
  const hint = wrong.some(({ state }) => state === 'open')
    ? 'The Exchange administrator runs the script of exchange.setup with -Apply, and sends the new evidence.'
    : 'The Exchange administrator decides: the script of exchange.setup says what to do.'
  return grave.length > 0 && ageInDays(evidence, now) <= oldAfterDays ? failed(detail, hint) : warning(detail, hint, true)
}

/** Builds have a check of their own. */
const isWrong = ({ name, state }: Point): boolean =>
  name !== 'versions' && (state === 'open' || state === 'advice' || (state === 'unknown' && decisive.has(name)))

const isSevere = ({ name, state }: Point): boolean =>
  decisive.has(name) && (state === 'open' || (state === 'advice' && name === 'authServer'))

const listed = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ')
