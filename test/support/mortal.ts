import type { HttpRequest } from '../../src/azure/message.ts'
import type { Wire } from './deployment.ts'

/** When a process dies: before its n-th write (counted from 0) is sent, or after it was carried out and before its answer is heard. */
export interface Death {
  readonly write: number
  readonly when: 'before' | 'after'
}

class Killed extends Error {}

const changesNothing = ['GET', 'HEAD']

const isWrite = ({ method, url }: HttpRequest): boolean =>
  !changesNothing.includes(method) && new URL(url).host !== 'login.microsoftonline.com'

/** The wire of one process. Once it is dead, nothing of it gets out, and no answer gets in: also not to what was under way. */
export function mortal(death: Death | undefined) {
  let [writes, dead] = [0, false]
  const wire: Wire = (transport) => ({
    ...transport,
    async send(request) {
      if (dead) throw new Killed('the process is dead')
      const last = isWrite(request) && writes++ === death?.write
      dead ||= last
      if (last && death?.when === 'before') throw new Killed('killed before the request was sent')
      const answer = await transport.send(request)
      if (dead) throw new Killed('killed before the answer came')
      return answer
    },
  })
  return { wire, writes: () => writes, isDead: () => dead }
}
