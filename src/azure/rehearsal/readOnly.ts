import { HmaError } from '../../core/errors.ts'
import type { OwnTransport } from '../http/fleet.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'

/** What was read, as on the wire. */
export type OnRead = (request: HttpRequest, answer: HttpAnswer) => void

/**
 * A transport that sends only GET requests and sign-ins; anything else fails here. The one question that Azure
 * takes as a POST, whether a name is free, is answered with yes here.
 */
export const readOnly =
  (authorityHost: string, heard: OnRead) =>
  (transport: OwnTransport): OwnTransport => ({
    ...transport,
    async send(request) {
      const url = new URL(request.url)
      if (request.method === 'POST' && /\/checkNameAvailability$/.test(url.pathname))
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"nameAvailable":true}' }
      const reads = request.method === 'GET' || request.method === 'HEAD'
      const signsIn = request.method === 'POST' && url.host === new URL(authorityHost).host
      if (!reads && !signsIn)
        throw new HmaError('HMA902', `A rehearsal reads only, and ${request.method} ${url.host} was stopped`, {})
      const answer = await transport.send(request)
      if (reads) heard(request, answer)
      return answer
    },
  })
