import type { Greeting } from '../../azure/exchange/port.ts'
import { HmaError } from '../../core/errors.ts'
import { type Chain, ifFound, need, type Step } from '../chain.ts'
import { type Finding, failed, skipped } from '../finding.ts'
import type { Opened } from '../inbox.ts'
import type { Subject } from '../subject.ts'
import { judgeOrigin, judgeServers, judgeSettings } from './judge.ts'
import { compareOutside } from './outside.ts'
import type { Evidence } from './schema.ts'

/** What was learned about Exchange from outside. */
interface OutsideSteps {
  readonly reached: Step<Greeting>
  readonly challenged: Step<Greeting>
  readonly opened: Step<Opened>
}

/** What the script saw on the server, if the configuration names its evidence, and whether it matches from outside. */
export function evidenceSteps(
  { step }: Pick<Chain, 'step'>,
  subject: Subject,
  { reached, challenged, opened }: OutsideSteps,
): void {
  if (!subject.evidence) return
  const told = step('evidence', () => origin(subject))
  step('evidenceServers', async () => judgeServers(await need(told), subject.now))
  step('evidenceSettings', async () => settings(subject, await need(told), (await ifFound(challenged)) !== undefined))
  step('evidenceOutside', async () => {
    const evidence = await need(told)
    return compareOutside(evidence, { greeting: await ifFound(reached), opened: await ifFound(opened) })
  })
}

type About = Pick<Subject, 'evidence' | 'now' | 'ewsUrl' | 'hmaApp'>

/** For commands that do not sign in: `hma status`, `hma doctor`. */
export async function evidenceFindings(subject: About): Promise<readonly Finding<unknown>[]> {
  if (!subject.evidence) return []
  const told = await origin(subject)
  if (!('value' in told)) return [told]
  return [told, judgeServers(told.value, subject.now), settings(subject, told.value, false)]
}

const settings = ({ evidence, now }: About, seen: Evidence, worksOutside: boolean): Finding<true> =>
  judgeSettings(seen, { deployment: evidence?.deployment ?? '', worksOutside, now })

async function origin({ evidence, now, ewsUrl, hmaApp }: About): Promise<Finding<Evidence>> {
  try {
    const found = await evidence?.read()
    if (evidence && found) return judgeOrigin(found, { ewsUrl, tenantId: hmaApp.tenantId, now })
    return skipped(`There is no evidence yet: ${evidence?.name ?? 'exchange.evidence'} does not exist.`, runTheScript)
  } catch (error) {
    if (error instanceof HmaError) return failed(`${error.message}.`, error.hint)
    throw error
  }
}

const runTheScript = 'The Exchange administrator runs the script of exchange.setup, and sends the file that it writes.'
