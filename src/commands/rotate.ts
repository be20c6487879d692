import type { Rotatable } from '../deployment/renewal/rotation.ts'
import type { Session } from '../session/session.ts'
import { carryOut } from './carryOut.ts'

export interface RotateArguments {
  readonly what: Rotatable
  readonly yes: boolean
  readonly quiet: boolean
}

/** `hma rotate certificate|clientSecret`: the same as an expiry, now. Everything else that `apply` would do is done as well. */
export const rotate = (session: Session, { what, yes, quiet }: RotateArguments): Promise<number> =>
  carryOut(session, { rotate: what }, { yes, quiet })
