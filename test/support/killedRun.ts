import type { HttpRequest } from '../../src/azure/http/message.ts'
import { Unreachable } from '../../src/azure/http/unreachable.ts'
import type { Wire } from './deployment.ts'

/**
 * What happens to a process at its n-th request, or its n-th that writes, counted from 0: it dies before that is sent, or after
 * it was carried out and before the answer is heard; or the answer alone is lost, and the process lives on.
 */
export interface Interruption {
  readonly write?: number
  readonly request?: number
  readonly what: 'killed before' | 'killed after' | 'answer lost'
}

class Killed extends Error {}

const changesNothing = ['GET', 'HEAD']

/** Sign-ins are POSTs, and so is everything of EWS, of which hma only opens an inbox. */
const looksOnly = (url: URL): boolean =>
  url.host === 'login.microsoftonline.com' || url.pathname.toLowerCase() === '/ews/exchange.asmx'

const isWrite = ({ method, url }: HttpRequest): boolean => !changesNothing.includes(method) && !looksOnly(new URL(url))

/** The connection of one process. Once the process is dead, nothing is sent and no answer arrives, even for requests under way. */
export function killable(accident: Interruption | undefined) {
  let [writes, requests, dead, happened] = [0, 0, false, false]
  const isHit = (request: HttpRequest): boolean => {
    const nthWrite = isWrite(request) && writes++ === accident?.write
    return requests++ === accident?.request || nthWrite
  }
  const wire: Wire = (transport) => ({
    ...transport,
    async send(request) {
      if (dead) throw new Killed('the process is dead')
      const hit = isHit(request) ? accident?.what : undefined
      happened ||= hit !== undefined
      dead ||= hit === 'killed before' || hit === 'killed after'
      if (hit === 'killed before') throw new Killed('killed before the request was sent')
      const answer = await transport.send(request)
      if (dead) throw new Killed('killed before the answer came')
      if (hit === 'answer lost') throw new Unreachable('ECONNRESET', new URL(request.url).host, undefined)
      return answer
    },
  })
  return { wire, writes: () => writes, isDead: () => dead, happened: () => happened }
}
