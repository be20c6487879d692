import type { OwnTransport } from './fleet.ts'
import type { HttpRequest } from './message.ts'

/** A transport that asks `permit` about each request before any of it is sent. */
export const confined = (transport: OwnTransport, permit: (request: HttpRequest) => void): OwnTransport => ({
  ...transport,
  async send(request) {
    permit(request)
    return transport.send(request)
  },
})
