import { setTimeout } from 'node:timers/promises'
import type { HttpRequest } from '../../src/azure/http/message.ts'
import type { Wire } from './deployment.ts'

/** Requests sent together: none of them needed the answer to another. */
export type Round = readonly string[]

export interface Rounds {
  readonly wire: Wire
  /** Every round, once no more requests come. */
  ended(): Promise<readonly Round[]>
}

interface Waiting {
  readonly what: string
  go(): void
}

/** What is asked: of a sign-in, what for. */
function said({ method, url, body }: HttpRequest): string {
  const { origin, pathname, search } = new URL(url)
  const scope = new URLSearchParams(body ?? '').get('scope')
  return `${method} ${origin}${decodeURIComponent(pathname)} ${scope ?? decodeURIComponent(search)}`
}

/** Turns of the event loop, in which nothing more was asked, after which a round is complete: work of a moment ends in them. */
const quiet = 6

/**
 * Holds every request until no other can be asked without its answer, and lets them go together. So the number of rounds is the length of
 * the longest chain of requests of which each needs the answer to the one before it, however quick the machine is.
 */
export function rounds(): Rounds {
  const all: Round[] = []
  const waiting: Waiting[] = []
  let flying = 0
  let gate: Promise<void> | undefined
  const hold = async (): Promise<void> => {
    for (let turns = 0, seen = 0; turns < quiet; turns++) {
      await setTimeout(5)
      if (flying > 0 || waiting.length !== seen) turns = 0
      seen = waiting.length
    }
    gate = undefined
    const going = waiting.splice(0)
    all.push(going.map(({ what }) => what).sort())
    flying += going.length
    for (const { go } of going) go()
  }
  const turn = (what: string): Promise<void> => {
    gate ??= hold()
    return new Promise((go) => waiting.push({ what, go }))
  }
  return {
    wire: (transport) => ({
      ...transport,
      async send(request) {
        await turn(said(request))
        return transport.send(request).finally(() => flying--)
      },
    }),
    ended: async () => {
      await gate
      return all
    },
  }
}
