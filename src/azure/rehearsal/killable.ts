import type { OwnTransport } from '../http/fleet.ts'

/** When a process dies: at its n-th request, before it is sent or after it has arrived. */
export interface KillPoint {
  readonly request: number
  readonly arrived: boolean
}

class ProcessKilled extends Error {
  constructor() {
    super('The process was killed.')
  }
}

/** The transport of a process that is killed at a request: from then on nothing is sent or received. */
export function killable(death: KillPoint | undefined) {
  let requests = 0
  return (transport: OwnTransport): OwnTransport => ({
    ...transport,
    async send(request) {
      const turn = requests++
      if (death === undefined || turn < death.request) return transport.send(request)
      if (turn === death.request && death.arrived) await transport.send(request).catch(() => {})
      throw new ProcessKilled()
    },
  })
}
