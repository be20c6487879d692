import { HmaError } from '../core/errors.ts'
import { rotatable } from '../config/rotation.ts'
import type { Session } from '../session.ts'
import { carryOut } from './carryOut.ts'

/** `hma rotate certificate|clientSecret`: the same as an expiry, now. What else a plan would do is done too. */
export async function rotate(
  session: Session,
  { what, ...terms }: { readonly what: string; readonly yes: boolean; readonly quiet: boolean },
): Promise<number> {
  const chosen = rotatable.find((one) => one === what)
  if (chosen) return carryOut(session, { rotate: chosen }, terms)
  throw new HmaError(`"${what}" cannot be rotated`, { hint: `Write ${rotatable.join(' or ')}.` })
}
