import { booleanAt, type JsonObject, numberAt } from '../resourceManager/json.ts'
import { badParameter } from './errors.ts'
import type { Attributes } from './state.ts'

/** The attributes of a key or secret after a request; what the body leaves out stays. */
export function changedAttributes(present: Attributes, body: JsonObject, now: number): Attributes {
  const [nbf, exp] = [numberAt(body, 'nbf') ?? present.nbf, numberAt(body, 'exp') ?? present.exp]
  if (nbf !== undefined && exp !== undefined && exp <= nbf) throw badParameter("'exp' has to be later than 'nbf'.")
  return {
    enabled: booleanAt(body, 'enabled') ?? present.enabled,
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
    created: present.created,
    updated: now,
  }
}
