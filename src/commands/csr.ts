import { HmaError } from '../core/errors.ts'
import { closure } from '../core/graph.ts'
import { plan } from '../core/plan.ts'
import { SurveyFailed, survey } from '../core/survey.ts'
import { signingRequest } from '../deployment/signingRequest.ts'
import { surveyContext } from '../deployment/surveyContext.ts'
import type { Target } from '../session/deployment.ts'
import type { Session } from '../session/session.ts'
import { exit } from './exitCode.ts'
import { eachTarget } from './fleet/eachTarget.ts'

/** `hma csr`: the certificate signing requests waiting for the user's CA. */
export async function csr(session: Session): Promise<number> {
  const asked = session.targets.filter((target) => target.request !== undefined)
  if (asked.length === 0 && session.targets.length > 0) throw notAsked(session.targets)
  const answers = await eachTarget(session, 'Reading', (target) => attempt(session, target), { targets: asked })
  session.signal.throwIfAborted()
  const requests = answers.flatMap(({ name, request }) => (request === undefined ? [] : [[name, request] as const]))
  const failed = session.unusable > 0 || answers.some((answer) => answer.failed)
  if (requests.length > 0) session.view.result(Object.fromEntries(requests), text(requests))
  else if (!failed && asked.length > 0) throw noneWaits(asked)
  return failed ? exit.failed : exit.done
}

interface Answer {
  readonly name: string
  /** PEM; absent if none is waiting. */
  readonly request?: string
  readonly failed?: true
}

/** With several requests, a name before each: PEM readers skip the line. */
const text = (requests: readonly (readonly [string, string])[]): string =>
  requests.map(([name, request]) => (requests.length > 1 ? `# ${name}\n${request}` : request)).join('')

const notAsked = (targets: readonly Target[]): HmaError =>
  new HmaError('HMA125', `No certificate for ${targets.map(({ name }) => name).join(', ')} is signed by your CA`, {
    hint: 'hma signs the request itself. To have your CA sign it, set certificate.source to csr.',
  })

const noneWaits = (targets: readonly Target[]): HmaError =>
  new HmaError(
    'HMA125',
    `No request for ${targets.map(({ name }) => name).join(', ')} is pending: the certificate in the vault is up to date`,
    {
      hint: 'When it is about to expire, `hma apply` makes a new request.',
    },
  )

async function attempt(session: Session, target: Target): Promise<Answer> {
  const { name } = target
  try {
    const request = await waiting(session, target)
    return { name, ...(request !== undefined && { request }) }
  } catch (error) {
    const told = error instanceof SurveyFailed ? error : new SurveyFailed([{ address: target.request ?? name, error }])
    if (!session.signal.aborted) session.view.error(told)
    return { name, failed: true }
  }
}

/** Reads nothing but the request. One that the next apply would replace is not printed. */
async function waiting(session: Session, { name, nodes, kinds, request = name }: Target): Promise<string | undefined> {
  const look = surveyContext(name, session)
  const needed = closure(nodes, request)
  const actual = await survey(needed, kinds, look)
  const found = signingRequest(actual.get(request))
  const change = plan(needed, actual, kinds, { owner: name }, look.now).find(({ address }) => address === request)
  if (change && change.action !== 'none')
    throw new HmaError(
      'HMA125',
      found ? 'The pending request does not match the configuration' : 'No request has been made yet',
      {
        hint: change.instructions ?? 'Run `hma apply` to create the request. Then run `hma csr` again.',
      },
    )
  return found
}
