import { type ErrorCode, identityCodes } from '../core/errorCodes.ts'
import { HmaError } from '../core/errors.ts'
import type { Check } from '../core/kind.ts'
import { type Finding, failed, type Lost, type Obstacle } from './finding.ts'

/** One link of the chain: its name and result. */
export interface Step<Value> {
  readonly name: string
  readonly finding: Promise<Finding<Value>>
}

/** Steps that run as soon as what they need is available. */
export interface Chain {
  step<Value>(name: string, look: () => Promise<Finding<Value>>): Step<Value>
  /**
   * In the order in which the steps were named. If no proving step could be tried, the first one for which hma lacks a right counts as
   * failed. What kept hma from trying a step is a check of its own, before the others.
   */
  checks(proving: readonly string[]): Promise<readonly Check[]>
}

export function chain(clockOff: () => string | undefined): Chain {
  const steps: Step<unknown>[] = []
  return {
    step(name, look) {
      const step = { name, finding: look().catch((error: unknown) => lost(error, clockOff)) }
      steps.push(step)
      return step
    },
    async checks(proving) {
      const found = await Promise.all(steps.map(async ({ name, finding }) => ({ name, ...(await finding) })))
      const untried = found.every(({ name, status }) => status === 'skipped' || !proving.includes(name))
      const lacking = untried ? found.find((one) => 'refused' in one) : undefined
      const obstacles = found.flatMap((one) => ('obstacle' in one && one.obstacle ? [one.obstacle] : []))
      const distinct = new Map(obstacles.map((one) => [one.detail, one]))
      return [
        ...[...distinct.values()].map((one): Check => ({ ...one, status: 'failed' })),
        ...found.map((one) => check(one === lacking ? unproven(one) : one)),
      ]
    },
  }
}

const check = ({ name, status, detail, hint }: Check): Check => ({ name, status, detail, ...(hint !== undefined && { hint }) })

const unproven = ({ name, detail, hint }: Check): Check => ({
  ...{ name, status: 'failed', detail: `No sign-in could be tried, so nothing is proven. ${detail}` },
  ...(hint !== undefined && { hint }),
})

const wrongClock = (off: string): Obstacle => ({
  ...{
    name: 'clock',
    detail: `The clock of this machine is ${off}: Entra rejects what it signs (AADSTS700024), so sign-in is not proven.`,
  },
  hint: 'Set the clock of this machine, and have it follow a time server. Then run `hma verify` again.',
})

const noSignIn = ({ message, hint }: HmaError): Obstacle => ({
  ...{ name: 'ownSignIn', detail: `hma itself is not signed in, so sign-in cannot be proven. ${sentence(message)}` },
  ...(hint !== undefined && { hint }),
})

const noRead = ({ message, hint }: HmaError): Lost => ({
  status: 'skipped',
  detail: sentence(message),
  obstacle: {
    ...{ name: 'ownReads', detail: 'hma could not read everything that it compares, so sign-in is not proven.' },
    ...(hint !== undefined && { hint }),
  },
})

const hindered = (obstacle: Obstacle): Lost => ({
  status: 'skipped',
  detail: `Skipped, because ${obstacle.name} failed.`,
  obstacle,
})

/** Thrown by a step that cannot run. */
class Ended extends Error {
  readonly finding: Lost

  constructor(finding: Lost) {
    super(finding.detail)
    this.finding = finding
  }
}

/** The finding of a step; if there is none, the step that asks is skipped. */
export async function need<Value>({ name, finding }: Step<Value>): Promise<Value> {
  const found = await finding
  if ('value' in found) return found.value
  const because = found.status === 'failed' ? `${name} failed` : `${name} was skipped`
  throw new Ended({ status: 'skipped', detail: `Skipped, because ${because}.` })
}

/** The finding of a step, if any. */
export async function ifFound<Value>({ finding }: Step<Value>): Promise<Value | undefined> {
  const found = await finding
  return 'value' in found ? found.value : undefined
}

/** hma could not sign in, or its token is not accepted. */
class NotSignedIn extends Error {
  readonly error: HmaError

  constructor(error: HmaError) {
    super(error.message)
    this.error = error
  }
}

/** A service cannot be reached, is not trusted, throttles, or has an internal error. */
const unanswered: ReadonlySet<ErrorCode> = new Set(['HMA501', 'HMA502', 'HMA503', 'HMA504', 'HMA505'])

/**
 * A read with hma's own identity: if hma is not signed in, lacks a right or gets no answer, nothing is wrong with the chain, but nothing is
 * proven.
 */
export const own = <Answer>(call: Promise<Answer>): Promise<Answer> =>
  call.catch((error: unknown) => {
    if (!(error instanceof HmaError)) throw error
    if (identityCodes.has(error.errorCode)) throw new NotSignedIn(error)
    if (unanswered.has(error.errorCode)) throw new Ended(noRead(error))
    if (!error.isMissingRight) throw error
    throw new Ended({
      status: 'skipped',
      detail: sentence(error.message),
      refused: true,
      ...(error.hint && { hint: error.hint }),
    })
  })

/** The same for something optional. */
export const ifAllowed = <Answer>(call: Promise<Answer>): Promise<Answer | undefined> =>
  call.catch((error: unknown) => {
    if (error instanceof HmaError && error.isMissingRight) return undefined
    throw error
  })

function lost(thrown: unknown, clockOff: () => string | undefined): Lost {
  if (thrown instanceof Ended) return thrown.finding
  const error = thrown instanceof NotSignedIn ? thrown.error : thrown
  if (!(error instanceof HmaError)) throw error
  // Dynamics signs by its own clock.
  const off = error.errorCode === 'HMA135' ? clockOff() : undefined
  if (off !== undefined) return hindered(wrongClock(off))
  return thrown instanceof NotSignedIn ? hindered(noSignIn(error)) : failed(sentence(error.message), error.hint)
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
