import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** An answer that ends the request: thrown by whoever finds the reason. */
export function refusal(status: ContentfulStatusCode, error: object, headers: Record<string, string> = {}): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { status, headers }) })
}

/** Resource Manager's error: a code and a message. */
export const refuse = (status: ContentfulStatusCode, code: string, message: string, headers: Record<string, string> = {}) =>
  refusal(status, { code, message }, headers)
