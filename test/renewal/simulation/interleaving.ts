import { setImmediate } from 'node:timers/promises'
import type { World } from '../../../packages/sandbox/src/azure.ts'
import { clockOf } from '../../../packages/sandbox/src/clock.ts'
import type { SeededChoice } from '../../../packages/sandbox/src/faults/bySeed.ts'
import type { RequestScheduler } from '../../../packages/sandbox/src/services.ts'
import { limits } from '../../../src/core/limits.ts'
import type { Wire } from '../../support/deployment.ts'
import { computing } from './computing.ts'

/**
 * One thing happens at a time, in an order drawn from a seed: requests are admitted one by one, and time passes only when
 * nothing else can run. So waiting costs nothing, and a seed gives the same run each time.
 */
export interface Turns {
  readonly conductor: RequestScheduler
  /** The wire of every process goes through this one, which knows what is on its way. */
  readonly wire: Wire
  /** Time on the sandbox's clock between two attempts at the same request. */
  pauseBetweenAttempts(milliseconds: number): Promise<void>
  sleep(milliseconds: number): Promise<void>
}

/** A request that waits to be admitted. */
interface PendingRequest {
  readonly request: Request
  enter(): void
}

interface Wait {
  readonly until: number
  wake(): void
}

/** After so many milliseconds without an answer a connection ends: normally by the client's clock, here by the sandbox's. */
const clientTimeout = limits.attempt

/** Turns of the event loop in which nothing moves, before it counts as quiet. */
const quietTurns = 3
/** How many milliseconds to wait for a sent request: its sender may hold it back until something else is answered. */
const arrivalTimeout = 300

/** `afterwards` is called after each request, once it has changed what it changes. */
export function turns(world: World, { below }: SeededChoice, afterwards: (request: Request) => void): Turns {
  const clock = clockOf(world)
  const arrived: PendingRequest[] = []
  const sleepers: Wait[] = []
  const sent = { count: 0, answeredLater: 0 }
  let [moves, playing] = [0, false]
  let endTurn = (): void => {}

  const moved = (): void => {
    moves += 1
    if (playing) return
    playing = true
    void play()
  }

  /** Everything that was sent has arrived, and nothing more is sent until something is answered. */
  async function quiet(): Promise<void> {
    const until = performance.now() + arrivalTimeout
    for (let [seen, still] = [moves, 0]; still < quietTurns; seen = moves) {
      await setImmediate()
      const allHere = sent.count <= arrived.length + sent.answeredLater || performance.now() > until
      still = seen === moves && allHere && computing() === 0 ? still + 1 : 0
    }
  }

  async function play(): Promise<void> {
    for (let going = true; going; ) {
      await quiet()
      going = await next()
    }
    playing = false
  }

  /** What happens next, if anything does. */
  async function next(): Promise<boolean> {
    const now = clock.now().getTime()
    const due = sleepers.filter(({ until }) => until <= now)
    const chosen = below(arrived.length + due.length)
    const guest = arrived.sort(byWhatTheyAsk)[chosen]
    const sleeper = due[chosen - arrived.length] ?? earliest(sleepers)
    if (guest) await admit(guest)
    else if (sleeper) {
      sleepers.splice(sleepers.indexOf(sleeper), 1)
      clock.advance(Math.max(0, sleeper.until - now))
      sleeper.wake()
    }
    return guest !== undefined || sleeper !== undefined
  }

  function admit(guest: PendingRequest): Promise<void> {
    arrived.splice(arrived.indexOf(guest), 1)
    clock.advance(10 + below(190))
    return new Promise((end) => {
      endTurn = once(() => {
        afterwards(guest.request)
        end()
      })
      guest.enter()
    })
  }

  async function inTurn<Result>(request: Request, answer: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((enter) => {
      arrived.push({ request, enter })
      moved()
    })
    const end = endTurn
    try {
      return await answer()
    } finally {
      end()
    }
  }

  async function pause(milliseconds: number | 'stall'): Promise<void> {
    sent.answeredLater += 1
    endTurn()
    await sleep(milliseconds === 'stall' ? clientTimeout : milliseconds)
    sent.answeredLater -= 1
  }

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      sleepers.push({ until: clock.now().getTime() + Math.ceil(milliseconds), wake })
      moved()
    })

  const wire: Wire = (transport) => ({
    ...transport,
    wait: sleep,
    async send(request) {
      sent.count += 1
      try {
        return await transport.send(request)
      } finally {
        sent.count -= 1
        moved()
      }
    },
  })

  async function pauseBetweenAttempts(milliseconds: number): Promise<void> {
    sent.count -= 1
    await sleep(milliseconds)
    sent.count += 1
  }

  return { conductor: { inTurn, pause }, wire, pauseBetweenAttempts, sleep }
}

/** A request without its random parts. */
const asks = ({ request: { method, url } }: PendingRequest): string =>
  `${method} ${url.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '…')}`

/** The order of arrival is up to the network and must not matter. */
const byWhatTheyAsk = (one: PendingRequest, other: PendingRequest): number => asks(one).localeCompare(asks(other))

const earliest = (sleepers: readonly Wait[]): Wait | undefined =>
  sleepers.reduce<Wait | undefined>((best, one) => (best === undefined || one.until < best.until ? one : best), undefined)

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
