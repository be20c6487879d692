import { setImmediate } from 'node:timers/promises'
import type { World } from '../../../src/sandbox/azure.ts'
import { clockOf } from '../../../src/sandbox/clock.ts'
import type { Dice } from '../../../src/sandbox/faultsBySeed.ts'
import type { Conductor } from '../../../src/sandbox/services.ts'
import type { Wire } from '../../support/deployment.ts'
import { computing } from './computing.ts'

/**
 * One thing happens after the other, in an order that a seed draws: requests are let in one by one, and time passes only where
 * nobody has anything else to do. So waiting costs nothing, and a seed tells the same story each time.
 */
export interface Turns {
  readonly conductor: Conductor
  /** The wire of every process goes through this one, which knows what is on its way. */
  readonly wire: Wire
  /** So much of the world's time, for one who waits between two attempts at the same request. */
  pauseBetweenAttempts(milliseconds: number): Promise<void>
  sleep(milliseconds: number): Promise<void>
}

interface Sleeper {
  readonly until: number
  wake(): void
}

/** One who waits to be let in. */
interface Guest {
  /** What is asked, without what is drawn anew each time: the order of arrival is the network's affair, and tells nothing. */
  readonly asks: string
  enter(): void
}

/** After so many milliseconds without an answer a connection ends: by the client's clock in life, here by the world's. */
const clientsPatience = 100_000

/** Turns of the event loop in which nothing moves, before it counts as quiet. */
const calm = 3
/** Milliseconds for which what was sent is waited for: it may be held back by who sends, and arrive only when something else is answered. */
const patience = 300

export function turns(world: World, { below }: Dice, afterwards: (request: Request) => void): Turns {
  const clock = clockOf(world)
  const arrived: Guest[] = []
  const sleepers: Sleeper[] = []
  const sent = { count: 0, answeredLater: 0 }
  let [moves, playing] = [0, false]
  let endTurn = (): void => {}

  const moved = (): void => {
    moves += 1
    if (playing) return
    playing = true
    void play().finally(() => {
      playing = false
    })
  }

  /** Everything that was sent has arrived, and nobody sends anything more until somebody is answered. */
  async function quiet(): Promise<void> {
    const until = performance.now() + patience
    for (let [seen, still] = [moves, 0]; still < calm; seen = moves) {
      await setImmediate()
      const allHere = sent.count <= arrived.length + sent.answeredLater || performance.now() > until
      still = seen === moves && allHere && computing() === 0 ? still + 1 : 0
    }
  }

  async function play(): Promise<void> {
    for (;;) {
      await quiet()
      const now = clock.now().getTime()
      const due = sleepers.filter(({ until }) => until <= now)
      const chosen = below(arrived.length + due.length)
      const guest = arrived.sort(byWhatTheyAsk)[chosen]
      const sleeper = due[chosen - arrived.length] ?? earliest(sleepers)
      if (guest !== undefined) {
        arrived.splice(chosen, 1)
        clock.advance(10 + below(190))
        await new Promise<void>((end) => {
          endTurn = end
          guest.enter()
        })
      } else if (sleeper !== undefined) {
        sleepers.splice(sleepers.indexOf(sleeper), 1)
        clock.advance(Math.max(0, sleeper.until - now))
        sleeper.wake()
      } else return
    }
  }

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      sleepers.push({ until: clock.now().getTime() + Math.ceil(milliseconds), wake })
      moved()
    })

  async function inTurn<Result>(request: Request, answer: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((enter) => {
      arrived.push({
        asks: `${request.method} ${request.url.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '…')}`,
        enter,
      })
      moved()
    })
    const end = endTurn
    try {
      return await answer()
    } finally {
      afterwards(request)
      end()
    }
  }

  async function pause(milliseconds: number | 'stall'): Promise<void> {
    sent.answeredLater += 1
    endTurn()
    await sleep(milliseconds === 'stall' ? clientsPatience : milliseconds)
    sent.answeredLater -= 1
  }

  return {
    conductor: { inTurn, pause },
    wire: (transport) => ({
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
    }),
    async pauseBetweenAttempts(milliseconds) {
      sent.count -= 1
      await sleep(milliseconds)
      sent.count += 1
    },
    sleep,
  }
}

const byWhatTheyAsk = (one: Guest, other: Guest): number => (one.asks < other.asks ? -1 : one.asks > other.asks ? 1 : 0)

const earliest = (sleepers: readonly Sleeper[]): Sleeper | undefined =>
  sleepers.reduce<Sleeper | undefined>((best, one) => (best === undefined || one.until < best.until ? one : best), undefined)
