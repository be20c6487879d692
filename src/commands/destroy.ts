import type { Session } from '../session/session.ts'
import { carryOut } from './carryOut.ts'

/** `hma destroy`: removes what carries the deployments' marks and nothing else. */
export const destroy = (session: Session, terms: { readonly yes: boolean; readonly quiet: boolean }): Promise<number> =>
  carryOut(session, { remove: true }, terms)
