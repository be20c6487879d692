import { randomUUID } from 'node:crypto'
import { Unauthenticated } from '../access.ts'
import { preferences } from './preferences.ts'
import { Refusal, refusalBody } from './refusal.ts'

const jsonType = 'application/json; odata.metadata=minimal'

export const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': jsonType, ...headers } })

export const empty = (status: number, headers: Record<string, string> = {}): Response => new Response(null, { status, headers })

/** Turns a thrown refusal into its answer; anything else is thrown again. */
export function refused(error: unknown, request: Request): Response {
  if (error instanceof Unauthenticated) return empty(401, { 'WWW-Authenticate': error.challenge })
  if (!(error instanceof Refusal)) throw error
  const wanted = preferences(request)
  return json(error.status, refusalBody(error, wanted.annotation('Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus')))
}

/** Headers of every answer of the Web API; the rate limits are those of a user who has only just started. */
export function withServiceHeaders(response: Response): Response {
  const id = randomUUID()
  const common: Record<string, string> = {
    'OData-Version': '4.0',
    'x-ms-service-request-id': id,
    REQ_ID: id,
    'x-ms-ratelimit-burst-remaining-xrm-requests': '5999',
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    'Cache-Control': 'no-cache',
  }
  for (const [name, value] of Object.entries(common)) response.headers.set(name, value)
  return response
}
