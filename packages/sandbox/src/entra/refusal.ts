import { randomUUID } from 'node:crypto'

type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_resource'
  | 'invalid_grant'
  | 'invalid_tenant'
  | 'authorization_pending'
  | 'expired_token'

/** Refusals of the token endpoint. Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export class SignInRefusal extends Error {
  readonly code: number
  readonly error: OAuthError

  /** @param code the number behind AADSTS */
  constructor(code: number, error: OAuthError, message: string) {
    super(message)
    this.code = code
    this.error = error
  }
}

/** The answer for a refusal. */
export function refused({ code, error, message }: SignInRefusal, request: Request, now: Date): Response {
  const trace = randomUUID()
  const { origin, searchParams } = new URL(request.url)
  const correlation = request.headers.get('client-request-id') ?? searchParams.get('client-request-id') ?? randomUUID()
  const timestamp = now.toISOString().replace('T', ' ').replace(/\.\d+/, '')
  const body = {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `${origin}/error?code=${code}`,
  }
  return Response.json(body, { status: error === 'invalid_client' ? 401 : 400, headers: { 'x-ms-request-id': trace } })
}
