import type { Context } from 'hono'
import type { Azure, Caller } from '../azure.ts'
import { queryOf as queryIn, watchBody } from '../honoured.ts'
import { isObject, type JsonObject } from '../resourceManager/json.ts'
import type { VaultResource } from '../resourceManager/state.ts'
import { badParameter } from './errors.ts'
import type { Vault } from './state.ts'

/** What the data plane's routes know about a request that passed the gate. */
export interface RequestEnv {
  Variables: {
    azure: Azure
    caller: Caller
    resource: VaultResource
    vault: Vault
    version: string
    /** Scheme and host of the vault as the client addressed it: every id begins with them. */
    base: string
    /** Name of the role assignment that let the request in, on a vault with role-based access. */
    assignment: string | undefined
  }
}

export type RequestContext = Context<RequestEnv>

export const queryOf = (asked: Context): URLSearchParams => queryIn(asked.req.raw)

export const nameOf = (asked: RequestContext): string => asked.req.param('name') ?? ''

/** Seconds since 1970, by the sandbox's clock. */
export const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000)

/** The body as a JSON object. */
export async function bodyOf(asked: RequestContext): Promise<JsonObject> {
  const body = await asked.req.json().catch(() => undefined)
  watchBody(asked.req.raw, body)
  if (isObject(body)) return body
  throw badParameter('The request body is not a JSON object.')
}
