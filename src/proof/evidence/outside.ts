import type { Greeting } from '../../azure/exchange/port.ts'
import { type Finding, passed, skipped, warning } from '../finding.ts'
import type { Opened } from '../inbox.ts'
import type { Evidence } from './schema.ts'

/** Exchange's answers from outside, if any. */
export interface Outside {
  readonly greeting: Greeting | undefined
  readonly opened: Opened | undefined
}

/**
 * Does Exchange look the same from outside as from inside? A load balancer may hide servers that the script did not see, or that changed
 * since.
 */
export function compareOutside(evidence: Evidence, { greeting, opened }: Outside): Finding<true> {
  if (!greeting) return skipped('Exchange did not answer, so there is nothing to compare with the evidence.')
  const answering = [...new Set([greeting.server, opened?.server].flatMap((one) => one ?? []))]
  const differences = [...unlisted(evidence, answering), ...otherBuild(evidence, opened), ...otherSettings(evidence, greeting)]
  if (differences.length > 0)
    return warning(
      differences.join(' '),
      'Compare all servers behind the load balancer, and have the script of exchange.setup run again: it lists every server.',
      true,
    )
  const who = answering.length > 0 ? ` (answered by ${answering.join(' and ')})` : ''
  return passed(`From outside, Exchange is as the evidence says${who}.`, true)
}

/** `EX01`, even if a header says `EX01.contoso.local`. */
const short = (name: string): string => (name.split('.')[0] ?? name).toLowerCase()

function unlisted({ servers }: Evidence, answering: readonly string[]): readonly string[] {
  const known = new Set(servers.map(({ name }) => short(name)))
  return answering
    .filter((name) => !known.has(short(name)))
    .map((name) => `The server ${name} answered, which the evidence does not list.`)
}

/** Up to the cumulative update: Exchange's directory knows no more about a server that could not be asked. */
const update = (build: string): string => build.split('.').slice(0, 3).join('.')

function otherBuild({ servers }: Evidence, opened: Opened | undefined): readonly string[] {
  const build = opened?.build
  if (build === undefined || servers.some((one) => update(one.build) === update(build))) return []
  const known = [...new Set(servers.map((one) => one.build))].filter((one) => one !== '').join(', ')
  return [`Build ${build} answered, and the evidence knows ${known || 'no build'}: a server was updated since, or was left out.`]
}

function otherSettings(
  { clientProfile, authServers, virtualDirectories }: Evidence,
  { challenges }: Greeting,
): readonly string[] {
  const bearer = challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer')
  const isOn = (bearer?.parameters.authorization_uri ?? '') !== ''
  const shouldBe = clientProfile && authServers.some((one) => one.enabled && one.default && one.type === 'AzureAD')
  const oauth = virtualDirectories.some((one) => one.oauth)
  if (isOn && !shouldBe) return ['From outside, Hybrid Modern Authentication is on; by the evidence it is off.']
  if (!bearer && oauth && shouldBe)
    return [
      'By the evidence, OAuth is on; from outside, Exchange does not offer it: another server answered, or iisreset is due.',
    ]
  if (bearer && !isOn && shouldBe)
    return [
      'By the evidence, Hybrid Modern Authentication is on; from outside it is off: another server answered, or iisreset is due.',
    ]
  return []
}
