import { HTTPException } from 'hono/http-exception'

export type Status = NonNullable<ConstructorParameters<typeof HTTPException>[0]>

/** An answer that ends the request; thrown wherever the reason is found. */
export function refusal(status: Status, error: object, headers: Record<string, string> = {}): HTTPException {
  return new HTTPException(status, { res: Response.json({ error }, { status, headers }) })
}

/** Resource Manager's error: a code and a message. */
export const refuse = (status: Status, code: string, message: string, headers: Record<string, string> = {}) =>
  refusal(status, { code, message }, headers)

/** The service's answer for an unknown resource. */
export const missing = ({ req }: { readonly req: { readonly method: string; readonly url: string } }): Response =>
  refuse(
    404,
    'InvalidResourceType',
    `The sandbox serves no resource at '${req.method} ${new URL(req.url).pathname}'.`,
  ).getResponse()
