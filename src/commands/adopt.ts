import { HmaError } from '../core/errors.ts'
import type { Session } from '../session.ts'
import { carryOut } from './carryOut.ts'

export interface AdoptArguments {
  /** `contoso/certificate`; every unmarked object, where none is named. */
  readonly addresses: readonly string[]
  readonly yes: boolean
  readonly quiet: boolean
}

/** `hma adopt`: put the deployment's mark on what somebody else made, and look after it from then on. */
export async function adopt(session: Session, { addresses, ...terms }: AdoptArguments): Promise<number> {
  const known = new Set(session.targets.flatMap(({ nodes }) => nodes.map(({ address }) => address)))
  const strange = addresses.filter((address) => !known.has(address))
  if (strange.length > 0)
    throw new HmaError(`The configuration has no ${strange.join(', ')}`, { hint: `It has ${[...known].join(', ')}.` })
  return carryOut(session, { adopt: addresses.length > 0 ? addresses : 'all' }, terms)
}
