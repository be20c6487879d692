import { HmaError } from '../core/errors.ts'
import type { Remark } from '../core/remark.ts'
import { clockTolerance } from '../core/time.ts'
import { difference, noticeable } from '../deployment/clock.ts'
import type { Session } from '../session/session.ts'

export const setIt = 'Set the clock of this machine, and have it follow a time server.'

/** Remarks on the machine's clock. Credentials are dated by Azure's clock regardless. */
export function clockRemarks({ skew }: Pick<Session, 'skew'>, deployment: string): readonly Remark[] {
  const found = skew()
  if (Math.abs(found) <= noticeable) return []
  const text = `The clock of this machine is ${difference(found)}.`
  const hint = Math.abs(found) > clockTolerance ? `hma writes nothing until it is right. ${setIt}` : setIt
  return [{ address: deployment, severity: 'warning', text, hint }]
}

/** Called before anything is written. */
export function requireClock({ skew }: Pick<Session, 'skew'>): void {
  if (Math.abs(skew()) <= clockTolerance) return
  throw new HmaError('HMA135', `The clock of this machine is ${difference(skew())}, so nothing was written`, {
    hint: `${setIt} Then run it again.`,
  })
}
